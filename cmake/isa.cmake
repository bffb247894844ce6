# Generic code is built for x86-64-v2 (2009 onwards) or ARM version 8.2 (2016 onwards). A source named
# *_avx2.cpp, *_avx512.cpp or *_neon.cpp is compiled for that set alone and must only be entered
# after base/cpu.h has seen the set at run time. Such files share no inline code with the rest:
# intrinsics and plain loops in a namespace of their own. (NEON is part of ARM's generic set: its
# files are for what compilers do not find by themselves.)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  add_compile_options($<$<COMPILE_LANGUAGE:C,CXX>:-march=x86-64-v2>)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  add_compile_options($<$<COMPILE_LANGUAGE:C,CXX>:-march=armv8.2-a>)
endif()

# A product and a sum are fused only where a source says so: results then do not depend on the
# instruction set a file is compiled for.
add_compile_options(-ffp-contract=off)

function(ringmaker_isa_sources sources_variable)
  set(kept)
  # GCC 12's own AVX-512 headers use undefined vectors in a way its warning takes for a mistake.
  set(quiet)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(quiet ";-Wno-unknown-warning-option;-Wno-maybe-uninitialized;-Wno-uninitialized")
  endif()
  foreach(source IN LISTS ${sources_variable})
    if(source MATCHES "_avx2\\.cpp$")
      if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
        set_source_files_properties(${source} PROPERTIES SKIP_PRECOMPILE_HEADERS ON
          COMPILE_OPTIONS "-march=x86-64-v3;-fno-lto")
        list(APPEND kept ${source})
      endif()
    elseif(source MATCHES "_avx512\\.cpp$")
      if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
        set_source_files_properties(${source} PROPERTIES SKIP_PRECOMPILE_HEADERS ON
          COMPILE_OPTIONS "-march=x86-64-v4;-mprefer-vector-width=512;-fno-lto${quiet}")
        list(APPEND kept ${source})
      endif()
    elseif(source MATCHES "_neon\\.cpp$")
      if(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
        list(APPEND kept ${source})
      endif()
    else()
      list(APPEND kept ${source})
    endif()
  endforeach()
  set(${sources_variable} ${kept} PARENT_SCOPE)
endfunction()
