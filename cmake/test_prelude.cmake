# ringmaker_test_prelude(TARGET): tests read GoogleTest and the standard library as a precompiled header,
# which is made once: without it half of their compile time goes there.
add_library(test_prelude OBJECT ${CMAKE_BINARY_DIR}/headers_only.cpp)
file(TOUCH ${CMAKE_BINARY_DIR}/headers_only.cpp)
target_link_libraries(test_prelude PRIVATE GTest::gmock fmt::fmt ringmaker_warnings)
target_precompile_headers(test_prelude PRIVATE
  <gmock/gmock.h> <gtest/gtest.h> <algorithm> <array> <charconv> <chrono> <filesystem> <fmt/format.h>
  <functional> <map> <memory> <optional> <random> <set> <span> <string> <string_view> <thread> <variant>
  <vector>)
ringmaker_plain_code(test_prelude)
# As the programs that use it, which are no shared objects.
set_target_properties(test_prelude PROPERTIES POSITION_INDEPENDENT_CODE OFF)
target_compile_options(test_prelude PRIVATE -fPIE)

function(ringmaker_test_prelude target)
  target_precompile_headers(${target} REUSE_FROM test_prelude)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)  # ccache asks for it
  endif()
endfunction()
