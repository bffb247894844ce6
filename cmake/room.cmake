# ringmaker_room(NAME DEPENDS room... LIBRARIES target...)
#
# A room is one folder below src/, one library ringmaker::NAME and one row of the include law. The
# rooms after DEPENDS are linked and may be included; nothing else may. LIBRARIES are outside
# libraries, private to the room's sources unless listed after PUBLIC_LIBRARIES.
# The law is written to <build>/include_law.txt, which tests/tidy_test.cpp checks sources against.
set_property(GLOBAL PROPERTY RINGMAKER_INCLUDE_LAW "")

function(ringmaker_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LIBRARIES;PUBLIC_LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  ringmaker_isa_sources(sources)
  if(NOT sources)
    # A room of headers alone still is a library, so that every room is linked in the same way.
    set(sources ${CMAKE_BINARY_DIR}/headers_only.cpp)
    file(TOUCH ${sources})
  endif()
  add_library(ringmaker_${name} STATIC ${sources})
  add_library(ringmaker::${name} ALIAS ringmaker_${name})
  target_include_directories(ringmaker_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  list(TRANSFORM ROOM_DEPENDS PREPEND ringmaker:: OUTPUT_VARIABLE room_libraries)
  target_link_libraries(ringmaker_${name}
    PUBLIC ${room_libraries} ${ROOM_PUBLIC_LIBRARIES}
    PRIVATE ringmaker_strict_warnings ${ROOM_LIBRARIES})
  if(TARGET product_prelude)
    ringmaker_reads_prelude(ringmaker_${name} product_prelude)
  endif()
  list(JOIN ROOM_DEPENDS " " depends)
  set_property(GLOBAL APPEND PROPERTY RINGMAKER_INCLUDE_LAW "${name}: ${depends}")
endfunction()

function(ringmaker_write_include_law)
  get_property(law GLOBAL PROPERTY RINGMAKER_INCLUDE_LAW)
  list(JOIN law "\n" text)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/include_law.txt CONTENT "${text}\n")
endfunction()

# The tests' own code is compiled twice as fast so; what it tests keeps the preset's flags.
function(ringmaker_plain_code target)
  target_compile_options(${target} PRIVATE -O0 $<$<CONFIG:Release>:-U_FORTIFY_SOURCE>)
  if(RINGMAKER_SANITIZE MATCHES "undefined")
    target_compile_options(${target} PRIVATE -fno-sanitize=undefined)
  endif()
  set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
endfunction()

# ringmaker_tests(NAME LIBRARIES target... LABELS label SHARDS n): tests/NAME/**/*_test.cpp become
# NAME_tests, which CTest runs as n processes, each with its share of the tests: a process for each test
# costs more than most tests do.
function(ringmaker_tests name)
  cmake_parse_arguments(TESTS "" "SHARDS" "LIBRARIES;LABELS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_tests ${sources})
  target_include_directories(${name}_tests PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name}_tests PRIVATE ${TESTS_LIBRARIES} GTest::gmock GTest::gtest_main
                        ringmaker_warnings)
  ringmaker_plain_code(${name}_tests)
  ringmaker_reads_prelude(${name}_tests test_prelude)
  target_compile_definitions(${name}_tests PRIVATE
    RINGMAKER_SOURCE_DIR="${PROJECT_SOURCE_DIR}" RINGMAKER_BUILD_DIR="${CMAKE_BINARY_DIR}"
    RINGMAKER_BINARY="$<TARGET_FILE:ringmaker>")
  if(NOT TESTS_LABELS)
    set(TESTS_LABELS quick)
  endif()
  if(NOT TESTS_SHARDS)
    set(TESTS_SHARDS 1)
  endif()
  foreach(shard RANGE 1 ${TESTS_SHARDS})
    math(EXPR index "${shard} - 1")
    add_test(NAME ${name}/${shard} COMMAND ${name}_tests --gtest_brief=1)
    set_tests_properties(${name}/${shard} PROPERTIES LABELS "${TESTS_LABELS}" TIMEOUT 1200
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${TESTS_SHARDS};GTEST_SHARD_INDEX=${index}")
  endforeach()
endfunction()
