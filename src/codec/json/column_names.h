// ColumnNames: the array of names behind "columns"; stops at anything else.
#pragma once

#include "wire/json_events.h"

#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

class ColumnNames final : public wire::JsonHandler {
 public:
  /// `names` are appended to.
  explicit ColumnNames(std::vector<std::string>& names) : names_(names) {}

  bool on_begin_array() override { return ++depth_ == 1; }
  bool on_end_array() override { return true; }
  bool on_begin_object() override { return false; }
  bool on_end_object() override { return false; }
  bool on_key(std::string_view /*key*/) override { return false; }
  bool on_number(double /*value*/, std::string_view token) override {
    return on_string(token);  // pandas numbers the columns of a table without names
  }
  bool on_string(std::string_view text) override {
    names_.emplace_back(text);
    return true;
  }
  bool on_bool(bool /*truth*/) override { return false; }
  bool on_null() override { return false; }

 private:
  std::vector<std::string>& names_;
  int depth_ = 0;
};

}  // namespace ringmaker::codec
