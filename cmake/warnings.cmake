# Warnings are errors. Product code also refuses silent narrowing; tests and benchmarks may narrow.
add_library(ringmaker_warnings INTERFACE)
target_compile_options(ringmaker_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast
  -Wimplicit-fallthrough -Wundef -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # clang cannot fold these GCC attributes and warns about macros that GoogleTest defines.
  target_compile_options(ringmaker_warnings INTERFACE -Wno-gnu-zero-variadic-macro-arguments)
endif()

add_library(ringmaker_strict_warnings INTERFACE)
target_link_libraries(ringmaker_strict_warnings INTERFACE ringmaker_warnings)
target_compile_options(ringmaker_strict_warnings INTERFACE -Wconversion -Wno-sign-conversion)
