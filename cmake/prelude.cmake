# Preludes: what most files include, as precompiled headers. Tests read GoogleTest so, which is half of
# their compile time; sanitized builds read the standard library so. All others prove that every file
# of the product includes what it names.
file(TOUCH ${CMAKE_BINARY_DIR}/headers_only.cpp)
set(prelude_headers
  <algorithm> <array> <bit> <charconv> <cmath> <cstring> <filesystem> <fmt/core.h> <functional> <limits>
  <map> <memory> <optional> <span> <string> <string_view> <tl/expected.hpp> <utility> <vector>)

# ringmaker_prelude(NAME LIBRARY... HEADERS header...)
function(ringmaker_prelude name)
  cmake_parse_arguments(PRELUDE "" "" "HEADERS" ${ARGN})
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/headers_only.cpp)
  target_link_libraries(${name} PRIVATE fmt::fmt tl::expected ${PRELUDE_UNPARSED_ARGUMENTS})
  target_precompile_headers(${name} PRIVATE ${prelude_headers} ${PRELUDE_HEADERS})
endfunction()

# ringmaker_reads_prelude(TARGET NAME): of a target with the same options.
function(ringmaker_reads_prelude target name)
  target_precompile_headers(${target} REUSE_FROM ${name})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)  # ccache asks for it
  endif()
endfunction()

if(RINGMAKER_SANITIZE)
  ringmaker_prelude(product_prelude ringmaker_strict_warnings)
endif()
if(RINGMAKER_TESTS)
  ringmaker_prelude(test_prelude GTest::gmock ringmaker_warnings
    HEADERS <gmock/gmock.h> <gtest/gtest.h> <chrono> <random> <set> <thread> <variant>)
  ringmaker_plain_code(test_prelude)
  # As the programs that read it, which are no shared objects.
  set_target_properties(test_prelude PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(test_prelude PRIVATE -fPIE)
endif()
