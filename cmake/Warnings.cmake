# Strict warnings for our own targets; errors only where INF_WERROR asks for it.
function(inf_target target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes
    -Wmissing-prototypes -Wundef -Wvla -Wno-unused-parameter -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
  if(INF_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(INF_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${INF_SANITIZE} -fno-omit-frame-pointer
      -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${INF_SANITIZE})
  endif()
  if(INF_VALIDATE)
    target_compile_definitions(${target} PRIVATE INF_VALIDATE=1)
  endif()
  if(INF_TINY)
    target_compile_definitions(${target} PRIVATE INF_TINY=1)
  endif()
endfunction()
