# Fuzz bodies: tests/fuzz/NAME_fuzz.cpp, one body with two lives. Under GCC it becomes NAME_fuzz,
# which replays tests/fuzz/corpus/NAME as an ordinary test; under the fuzz preset (clang) it is a
# libFuzzer program that scripts/fuzz.sh runs.
if(NOT RINGMAKER_FUZZ)
  add_library(fuzz_replay OBJECT fuzz/replay_main.cpp)
  target_include_directories(fuzz_replay PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  target_link_libraries(fuzz_replay PRIVATE ringmaker_warnings)
endif()
file(GLOB fuzz_bodies CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/*_fuzz.cpp)
foreach(body IN LISTS fuzz_bodies)
  get_filename_component(name ${body} NAME_WE)
  string(REGEX REPLACE "_fuzz$" "" corpus ${name})
  add_executable(${name} ${body})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ringmaker::serve ringmaker::train test_support
                        ringmaker_warnings)
  if(name STREQUAL "head_gate_fuzz")
    target_link_libraries(${name} PRIVATE ringmaker_llhttp)  # its oracle
  endif()
  if(RINGMAKER_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_link_libraries(${name} PRIVATE fuzz_replay)
    add_test(NAME fuzz/${corpus}
             COMMAND ${name} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${corpus})
    set_tests_properties(fuzz/${corpus} PROPERTIES LABELS "quick" TIMEOUT 300)
  endif()
endforeach()
