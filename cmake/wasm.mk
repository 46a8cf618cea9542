# The core as WebAssembly: clang and wasm-ld called directly, freestanding, no emscripten.
#
#   make -f cmake/wasm.mk            build/wasm/infinity.wasm (the page) and golden.wasm (the test)
#
# Same language, same flags for floats as the native build; core/base/wasm_libc.c stands in for a C
# library and web/core/ holds the page's glue. Whatever is marked INF_API is exported.
CC := clang-14
LD := wasm-ld-14
OUT := build/wasm

FLAGS := --target=wasm32 -std=c17 -O2 -ffreestanding -nostdlib -ffp-contract=off -fno-fast-math \
	-fno-math-errno -fvisibility=hidden -mbulk-memory -msign-ext -mnontrapping-fptoint \
	-Wall -Wextra -Wno-unused-parameter -Werror=implicit-function-declaration \
	-ffile-prefix-map=$(CURDIR)/= -isystem web/core/include -Iinclude -Icore -I. $(WASM_FLAGS)
LINK := --no-entry --export-dynamic --export=__heap_base --stack-first -z stack-size=1048576 --max-memory=1073741824 \
	--gc-sections --strip-debug -O2

core_c := $(shell find core -name '*.c' | sort)
page_c := $(shell find web/core -name '*.c' | sort)
scene_c := $(if $(wildcard scenarios),$(shell find scenarios -name '*.c' ! -name '*_native.c' | sort))
golden_c := $(wildcard tests/golden/golden_wasm.c)

core_o := $(core_c:%.c=$(OUT)/%.o)
page_o := $(page_c:%.c=$(OUT)/%.o)
golden_o := $(scene_c:%.c=$(OUT)/%.o) $(golden_c:%.c=$(OUT)/%.o) $(OUT)/web/core/wasm_allocator.o

all: $(OUT)/infinity.wasm $(if $(golden_c),$(OUT)/golden.wasm)

$(OUT)/infinity.wasm: $(core_o) $(page_o)
	$(LD) $(LINK) -o $@.new $^ && mv $@.new $@

$(OUT)/golden.wasm: $(core_o) $(golden_o)
	$(LD) $(LINK) -o $@.new $^ && mv $@.new $@

$(OUT)/core/base/wasm_libc.o: FLAGS += -fno-builtin
$(OUT)/%.o: %.c cmake/wasm.mk
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -MMD -MP -c -o $@ $<

clean:
	rm -rf $(OUT)

.PHONY: all clean
-include $(core_o:.o=.d) $(page_o:.o=.d) $(golden_o:.o=.d)
