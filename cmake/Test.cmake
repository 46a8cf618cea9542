# inf_test(NAME sources... [LIBS targets...] [LABELS labels...] [TIMEOUT seconds])
# A test program of tests/test.h, registered with CTest under its name. Label `slow` keeps it out of
# the sanitizer runs of `make test`. Its last line is `N passed, N failed`; scripts/test adds them up.
function(inf_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "LIBS;LABELS" ${ARGN})
  add_executable(${name} ${TEST_UNPARSED_ARGUMENTS})
  inf_target(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE _GNU_SOURCE=)
  target_link_libraries(${name} PRIVATE ${TEST_LIBS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 400)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}")
endfunction()

# inf_script_test(NAME script [LABELS labels...] [TIMEOUT seconds]): a shell or Python test that is told
# where the programs are (INF_BIN) and gets an empty folder of its own to work in (INF_TEST_DIR).
function(inf_script_test name script)
  cmake_parse_arguments(TEST "" "TIMEOUT" "LABELS" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 600)
  endif()
  add_test(NAME ${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/${script})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}"
    ENVIRONMENT "INF_BIN=${CMAKE_BINARY_DIR}/bin;INF_TEST_DIR=${CMAKE_BINARY_DIR}/tests/run/${name};INF_SOURCE=${PROJECT_SOURCE_DIR}")
endfunction()
