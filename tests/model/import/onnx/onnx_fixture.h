// Rows of an ONNX model's fixture, as the model takes them, and what the reference runtime
// answered.
#pragma once

#include "model/graph/graph_predictor.h"
#include "tests/model/import/fixture.h"

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

namespace ringmaker::model {

/// The input's rows: texts as codes, numbers narrowed from doubles.
inline std::vector<float> onnx_rows(const Table& input, const data::Schema& schema) {
  std::vector<float> values;
  for (const auto& row : input.rows) {
    for (size_t j = 0; j < row.size(); ++j) {
      if (schema.is_text(j)) {
        const auto& names = schema.category_names[j];
        const auto at = std::ranges::find(names, row[j]);
        values.push_back(at == names.end() ? -1.0F : static_cast<float>(at - names.begin()));
      } else if (row[j].empty()) {
        values.push_back(NAN);
      } else if (schema.narrowing.empty()) {
        values.push_back(std::strtof(row[j].c_str(), nullptr));
      } else {
        values.push_back(schema.narrowing.narrow(j, std::strtod(row[j].c_str(), nullptr)));
      }
    }
  }
  return values;
}

/// Whether a field of an answer is what the reference has: integers and texts exactly, numbers
/// within the tolerance.
inline bool is_near(const std::string& found, const std::string& wanted, double relative,
                    double absolute) {
  if (found == wanted) {
    return true;
  }
  char* end = nullptr;
  const double a = std::strtod(found.c_str(), &end);
  const bool numbers = !found.empty() && *end == '\0';
  const double b = std::strtod(wanted.c_str(), &end);
  if (!numbers || wanted.empty() || *end != '\0') {
    // A missing number is written nan here and left empty there.
    return (found == "nan" && wanted.empty()) || (found.empty() && wanted == "nan");
  }
  return a == b || (std::isnan(a) && std::isnan(b)) ||
         std::fabs(a - b) <= absolute + relative * std::fabs(b);
}

}  // namespace ringmaker::model
