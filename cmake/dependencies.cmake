# Every outside library is found here, Debian's packages first, and nowhere else.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(simdjson REQUIRED)
find_package(tl-expected REQUIRED)
find_package(FastFloat REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CLI11 REQUIRED)
find_package(wslay REQUIRED)
pkg_check_modules(liburing REQUIRED IMPORTED_TARGET liburing)
pkg_check_modules(libzstd REQUIRED IMPORTED_TARGET libzstd)
find_path(TOML11_INCLUDE_DIR toml.hpp REQUIRED)
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_path(PROTOZERO_INCLUDE_DIR protozero/pbf_reader.hpp REQUIRED)

# llhttp: a packaged library from version 9 on, which knows no loose grammar, where one exists. Else
# the C sources of Debian's node-llhttp, compiled strict: the older header's default is the loose
# grammar, which accepts request smuggling, and how an older library was built cannot be seen.
set(llhttp_package)
find_package(llhttp QUIET)
foreach(target llhttp::llhttp_static llhttp::llhttp_shared)
  if(TARGET ${target} AND NOT llhttp_package)
    get_target_property(folders ${target} INTERFACE_INCLUDE_DIRECTORIES)
    find_file(header llhttp.h PATHS ${folders} NO_DEFAULT_PATH NO_CACHE REQUIRED)
    file(STRINGS ${header} major REGEX "define LLHTTP_VERSION_MAJOR")
    string(REGEX MATCH "[0-9]+" major "${major}")
    if(major GREATER_EQUAL 9)
      set(llhttp_package ${target})
    endif()
  endif()
endforeach()
if(llhttp_package)
  message(STATUS "llhttp: ${llhttp_package}, version ${major}")
  add_library(ringmaker_llhttp ALIAS ${llhttp_package})
else()
  # From one place only, so that header and sources are of one version; this machine's, whatever
  # machine is compiled for.
  set(here_only NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH REQUIRED)
  find_path(LLHTTP_SOURCE_DIR llhttp.c PATHS /usr/share/llhttp ${here_only})
  find_path(LLHTTP_INCLUDE_DIR llhttp.h PATHS /usr/share/include/llhttp ${here_only})
  file(GLOB llhttp_sources ${LLHTTP_SOURCE_DIR}/*.c)
  add_library(ringmaker_llhttp STATIC ${llhttp_sources})
  target_include_directories(ringmaker_llhttp SYSTEM PUBLIC ${LLHTTP_INCLUDE_DIR})
  target_compile_definitions(ringmaker_llhttp PUBLIC LLHTTP_STRICT_MODE=1)
  target_compile_options(ringmaker_llhttp PRIVATE -w)
endif()

# Eigen says what dense kernels should answer, and how fast another library does: the product does
# without it.
if(RINGMAKER_TESTS OR RINGMAKER_BENCH)
  find_package(Eigen3 REQUIRED NO_MODULE)
endif()
if(RINGMAKER_TESTS)
  find_package(GTest REQUIRED)
endif()
if(RINGMAKER_BENCH)
  find_package(benchmark REQUIRED)
endif()

# A compiler cache makes the second build a matter of seconds; it is used wherever it is installed.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # It keeps what is compiled with a precompiled header only where told so.
  set(ccache ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${ccache})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ccache})
endif()
