# Warnings are errors. Product code also refuses silent narrowing; tests and benchmarks may narrow.
add_library(ringmaker_warnings INTERFACE)
target_compile_options(ringmaker_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast
  -Wimplicit-fallthrough -Wundef -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # clang warns about macros that GoogleTest defines, and about what std::stable_sort of
  # libstdc++ 12 uses although C++17 deprecates it.
  target_compile_options(ringmaker_warnings INTERFACE -Wno-gnu-zero-variadic-macro-arguments
    -Wno-deprecated-declarations)
endif()

add_library(ringmaker_strict_warnings INTERFACE)
target_link_libraries(ringmaker_strict_warnings INTERFACE ringmaker_warnings)
target_compile_options(ringmaker_strict_warnings INTERFACE -Wconversion -Wno-sign-conversion)
