#include "codec/selected/output_selection.h"

#include "base/text.h"

#include <algorithm>
#include <optional>
#include <string>

namespace ringmaker::codec {
namespace {

constexpr std::array<std::string_view, kOutputFields> kNames{
    "predicted_label", "labels",          "probability",   "probabilities", "raw_score",
    "raw_scores",      "predicted_score", "contributions", "leaf"};
/// What is shown of a name that nobody knows.
constexpr size_t kShownMax = 40;

std::optional<OutputField> find_field(std::string_view text) noexcept {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (base::equals_ignoring_case(text, kNames[i])) {
      return static_cast<OutputField>(i);
    }
  }
  return std::nullopt;
}

/// What comes from outside, as it may stand in a sentence.
std::string shown(std::string_view text) {
  std::string plain(text.substr(0, kShownMax));
  std::ranges::replace_if(plain, [](char c) { return c < ' ' || c > '~' || c == '"'; }, '?');
  return text.size() > kShownMax ? plain + "..." : plain;
}

template <class Wanted>
std::string names_of(Wanted&& wanted) {
  std::string names;
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (wanted(static_cast<OutputField>(i))) {
      names.append(names.empty() ? "" : ", ").append(kNames[i]);
    }
  }
  return names;
}

}  // namespace

std::string_view name(OutputField field) noexcept { return kNames[static_cast<size_t>(field)]; }

bool gives(const data::OutputSchema& output, OutputField field) noexcept {
  const bool classes = output.task != data::Task::kRegression;
  const bool margins = !output.raw_unknown && (!output.class_index || output.class_margins);
  switch (field) {
    case OutputField::kPredictedLabel:
    case OutputField::kLabels:
      return classes;
    case OutputField::kProbability:
    case OutputField::kProbabilities:
      return classes && !output.margin && !output.class_index && !output.certain;
    case OutputField::kRawScore:
      return margins && (classes || !output.scores_are_list());
    case OutputField::kRawScores:
      return margins;
    case OutputField::kPredictedScore:
      return !classes;
    case OutputField::kContributions:
      return output.explanation.margins > 0;
    case OutputField::kLeaf:
      return output.explanation.leaves > 0;
  }
  return false;
}

base::Result<OutputSelection> OutputSelection::parse(std::string_view list) {
  OutputSelection selection;
  if (base::trimmed(list).empty()) {
    return base::fail(
        base::ErrorCode::kInvalidInput,
        "no output is named; possible are " + names_of([](OutputField /*field*/) { return true; }));
  }
  for (size_t at = 0; at <= list.size();) {
    const size_t comma = std::min(list.find(',', at), list.size());
    const std::string_view text = base::trimmed(list.substr(at, comma - at));
    const auto field = find_field(text);
    if (!field) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        "the output \"" + shown(text) + "\" is unknown; possible are " +
                            names_of([](OutputField /*field*/) { return true; }));
    }
    if (selection.has(*field)) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        "the output " + std::string(name(*field)) + " is asked for twice");
    }
    selection.fields_[selection.count_++] = *field;
    at = comma + 1;
  }
  return selection;
}

bool OutputSelection::has(OutputField field) const noexcept {
  return std::ranges::find(fields(), field) != fields().end();
}

base::Result<void> OutputSelection::check(const data::OutputSchema& output) const {
  for (const OutputField field : fields()) {
    if (!gives(output, field)) {
      const std::string& why = output.explanation.no_contributions;
      return base::fail(base::ErrorCode::kUnsupported,
                        "this model does not give the output " + std::string(name(field)) +
                            (field == OutputField::kContributions ? ": " + why : "") +
                            "; it gives " +
                            names_of([&output](OutputField one) { return gives(output, one); }));
    }
  }
  return {};
}

OutputSelection native_outputs(const data::OutputSchema& output) {
  const std::string_view names = output.task == data::Task::kRegression ? "predicted_score"
                                 : output.class_index || output.certain ? "predicted_label"
                                 : output.margin ? "raw_score,predicted_label"
                                 : output.task == data::Task::kBinary
                                     ? "probability,predicted_label"
                                     : "probabilities,predicted_label";
  return OutputSelection::parse(names).value();
}

}  // namespace ringmaker::codec
