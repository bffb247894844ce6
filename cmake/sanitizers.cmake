# Sanitizers and coverage apply to every target, so that all code of one build agrees.
if(RINGMAKER_SANITIZE)
  add_compile_options(-fsanitize=${RINGMAKER_SANITIZE} -fno-sanitize-recover=all)
  if(RINGMAKER_SANITIZE MATCHES "undefined")
    # A wrong pointer crashes, or ASan sees it; these checks cost as much as all others together.
    add_compile_options(-fno-sanitize=null,vptr,object-size)
  endif()
  add_link_options(-fsanitize=${RINGMAKER_SANITIZE})
endif()
if(RINGMAKER_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(RINGMAKER_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

# ringmaker_slow_to_optimise(SOURCE...): of a room. Sources that are little but the templates of an
# outside library, which sanitizers make three times as many: they run once, at the start.
function(ringmaker_slow_to_optimise)
  if(RINGMAKER_SANITIZE)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "-O0"
      SKIP_PRECOMPILE_HEADERS ON)
  endif()
endfunction()
