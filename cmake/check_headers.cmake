# check_headers: every header compiles alone. A source includes its own header first (tests/tidy
# insists on it) and so proves it; for a header without a source of its name a unit is written that
# includes nothing else. Pieces named *-inl.h are part of other files and no headers.
file(GLOB_RECURSE house_headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
     ${PROJECT_SOURCE_DIR}/src/*.h ${PROJECT_SOURCE_DIR}/tests/*.h ${PROJECT_SOURCE_DIR}/bench/*.h)
set(header_units)
foreach(header IN LISTS house_headers)
  string(REGEX REPLACE "\\.h$" ".cpp" source ${header})
  if(header MATCHES "-inl\\.h$" OR EXISTS ${PROJECT_SOURCE_DIR}/${source})
    continue()
  endif()
  string(REGEX REPLACE "^src/" "" path ${header})
  set(unit ${CMAKE_BINARY_DIR}/headers/${source})
  file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${path}\"\n")
  list(APPEND header_units ${unit})
endforeach()

# Objects that nobody links: without optimisation, debug information and instrumentation.
add_library(check_headers OBJECT ${header_units})
target_include_directories(check_headers PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
target_compile_options(check_headers PRIVATE -O0 -g0 -fno-lto -fno-sanitize=all)
target_link_libraries(check_headers PRIVATE ringmaker::cli ringmaker_llhttp PkgConfig::liburing
  simdjson::simdjson Eigen3::Eigen ZLIB::ZLIB CLI11::CLI11 GTest::gmock ringmaker_warnings)
# What every test is told (ringmaker_tests).
target_compile_definitions(check_headers PRIVATE
  RINGMAKER_SOURCE_DIR="" RINGMAKER_BUILD_DIR="" RINGMAKER_BINARY="")
