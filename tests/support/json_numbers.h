// JsonNumberHandler: hears the numbers of a JSON text, and nothing else of it.
#pragma once

#include "wire/json_events.h"

namespace ringmaker::test {

class JsonNumberHandler : public wire::JsonHandler {
 public:
  bool on_begin_array() override { return true; }
  bool on_end_array() override { return true; }
  bool on_begin_object() override { return true; }
  bool on_end_object() override { return true; }
  bool on_key(std::string_view /*key*/) override { return true; }
  bool on_string(std::string_view /*text*/) override { return true; }
  bool on_bool(bool /*truth*/) override { return true; }
  bool on_null() override { return true; }
};

}  // namespace ringmaker::test
