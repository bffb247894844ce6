#include "cli/predict_command.h"

#include "base/atomic_file.h"
#include "batch/values.h"
#include "cli/native_answers.h"
#include "cli/predict_input.h"
#include "cli/predicted_columns.h"
#include "cli/terminal.h"
#include "codec/csv/csv_dialect.h"
#include "codec/decoder.h"
#include "serve/model_store.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace ringmaker::cli {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr size_t kRowsMax = 4096;
/// What rows may have as answers together, unless one row has more.
constexpr size_t kValuesMax = 1 << 20;

/// Raw values, of which scores are made here, and what explains them.
batch::Values values_of(const data::OutputSchema& output, const PredictedColumns& columns) {
  const codec::Explaining explaining = columns.explaining();
  return batch::values_for(output, true, explaining.contributions, explaining.leaves);
}

/// Where answers go: kept until the end for a file, written as they come to standard output.
class Answers {
 public:
  explicit Answers(std::string path) : path_(std::move(path)) {}

  std::string& text() { return text_; }
  Result<void> flush() {
    if (path_ != "-" || text_.empty()) {
      return {};
    }
    RM_TRY(write_result(text_));
    text_.clear();
    return {};
  }
  Result<void> finish() {
    if (path_ != "-") {
      return base::write_file_atomically(path_, text_);
    }
    return flush();
  }

 private:
  std::string path_;
  std::string text_;
};

class Prediction {
 public:
  /// `native` may be null; it answers instead of `columns` then.
  Prediction(const model::Predictor& predictor, PredictedColumns columns,
             const NativeAnswers* native, bool keep_input, Answers& answers)
      : predictor_(predictor),
        columns_(std::move(columns)),
        native_(native),
        keep_input_(keep_input),
        answers_(answers),
        decoder_(codec::make_decoder(codec::Format::kCsv, predictor.schema())),
        values_(values_of(predictor.output(), columns_)),
        rows_max_(
            std::clamp<size_t>(kValuesMax / batch::columns_of(predictor, values_), 1, kRowsMax)),
        rows_(predictor.schema().feature_count(), rows_max_),
        answers_of_rows_(batch::columns_of(predictor, values_), rows_max_),
        scores_(predictor.output().score_columns(), rows_max_) {
    decoder_->reset();
    if (native_ != nullptr) {
      answers_.text() += native_->header() + '\n';
    }
  }

  Result<void> take(std::string_view piece, bool last) {
    const std::string_view line = piece.substr(0, piece.find_last_not_of("\r\n") + 1);
    if (keep_input_ && separator_ == 0 && !line.empty()) {
      separator_ = codec::sniff_separator(line, predictor_.schema().feature_count());
    }
    size_t rows = 0;
    while (true) {
      rows_.resize(0);
      data::BlockWriter writer(rows_);
      const codec::DecodeProgress progress = decoder_->decode(piece, last, rows_max_, writer);
      if (progress.status == codec::DecodeStatus::kError) {
        return fail(ErrorCode::kInvalidInput,
                    codec::describe(decoder_->error(), predictor_.schema()));
      }
      rows += rows_.rows();
      answer(line);
      RM_TRY(answers_.flush());
      if (progress.status == codec::DecodeStatus::kNeedMore ||
          progress.status == codec::DecodeStatus::kDone) {
        break;
      }
      piece.remove_prefix(progress.consumed);
    }
    if (keep_input_ && rows == 0 && !answered_ && !line.empty()) {
      answers_.text() += line;
      keep_answer([&](std::string& out) { out += columns_.header(); });
    }
    answered_ = answered_ || rows > 0;
    return {};
  }

 private:
  void answer(std::string_view line) {
    if (native_ != nullptr) {
      native_->append(rows_.view(), answers_.text());
      return;
    }
    answers_of_rows_.resize(rows_.rows());
    batch::predict(predictor_, values_, rows_.view(), answers_of_rows_.span());
    codec::Portion beside{.raw = answers_of_rows_.view()};
    scores_.resize(rows_.rows());
    if (batch::are_wide(values_)) {
      parts_.split(predictor_, values_, answers_of_rows_.view());
      beside.raw = parts_.margins();
      beside.contributions = parts_.contributions();
      beside.leaves = parts_.leaves();
    }
    predictor_.scores_of(beside.raw, scores_.span());
    for (size_t i = 0; i < rows_.rows(); ++i) {
      const codec::Portion beside_row{.raw = beside.raw.slice(i, 1),
                                      .contributions = beside.contributions.slice(i, 1),
                                      .leaves = beside.leaves.slice(i, 1)};
      const auto append = [&](std::string& out) {
        columns_.append(scores_.view().row(i), beside_row, out);
      };
      if (keep_input_) {
        answers_.text() += line;
        keep_answer(append);
      } else {
        append(answers_.text());
        answers_.text() += '\n';
      }
    }
  }

  /// Behind a row that is kept: with the separator of the row, so that the line is one of it.
  template <class Append>
  void keep_answer(const Append& append) {
    std::string& text = answers_.text();
    const size_t from = text.size();
    text += separator_;
    append(text);
    bool quoted = false;
    for (size_t i = from; i < text.size(); ++i) {
      quoted = quoted != (text[i] == '"');
      text[i] = text[i] == ',' && !quoted ? separator_ : text[i];
    }
    text += '\n';
  }

  const model::Predictor& predictor_;
  PredictedColumns columns_;
  const NativeAnswers* native_;
  bool keep_input_;
  char separator_ = 0;  // of rows that are kept, once one is known
  Answers& answers_;
  std::unique_ptr<codec::Decoder> decoder_;
  batch::Values values_;
  size_t rows_max_;
  data::DenseBlock rows_;
  data::DenseBlock answers_of_rows_;  // raw values, and what explains them
  batch::ValueParts parts_;
  data::DenseBlock scores_;
  bool answered_ = false;
};

constexpr std::string_view kName = "predict";
constexpr std::array<config::Option, 6> kTable{{
    {"model", "PATH", "", "model file, or directory that holds one"},
    {.name = "output",
     .value_name = "FILE",
     .default_value = "-",
     .help = "where answers go, whole or not at all (-: standard output)",
     .letter = 'o'},
    {"outputs", "LIST", "score",
     "columns to answer: score, predicted_label, labels, probability, probabilities, raw_score, "
     "raw_scores, predicted_score, contributions, leaf, as serve has them; or those of the model's "
     "own library: native, "
     "leaf, contributions, and raw_score beside them"},
    {"rounds", "all|best", "",
     "rounds of a boosted model that score: all (native, leaf, contributions) or the best "
     "(others)"},
    {"model-dir", "PATH", "", "the same as --model"},
    {"keep-input", "", "false", "write each row before its answer"},
}};

/// The rounds that options ask for.
Result<void> choose_rounds(const PredictOptions& options, bool native, model::Model& model) {
  if (!options.rounds.empty() && options.rounds != "all" && options.rounds != "best") {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("--rounds is \"{}\", expected all or best", options.rounds));
  }
  if (options.rounds == "best" || (options.rounds.empty() && !native)) {
    return {};
  }
  const auto use_all = [](model::Model& one) {
    if (auto* trees = std::get_if<model::TreeParameters>(&one.parameters)) {
      trees->rounds = trees->ensemble.rounds();
    }
  };
  use_all(model);
  if (auto* average = std::get_if<model::AverageParameters>(&model.parameters)) {
    std::ranges::for_each(average->members, use_all);
  }
  return {};
}

/// A directory that is not there is a slip of the pen rather than a wish.
Result<void> check_directory_of(const std::string& output) {
  const std::filesystem::path directory = std::filesystem::path(output).parent_path();
  std::error_code error;
  if (!directory.empty() && !std::filesystem::exists(directory, error)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("--output: there is no directory {}", directory.string()));
  }
  return {};
}

Result<PredictOptions> read_options(const Call& call) {
  RM_ASSIGN(const config::OptionValues values, resolve(kTable, call));
  PredictOptions options{.model = values.text("model"),
                         .input = call.words.empty() ? "-" : call.words.front(),
                         .output = values.text("output"),
                         .outputs = values.text("outputs"),
                         .rounds = values.text("rounds")};
  if (options.model.empty()) {
    options.model = values.text("model-dir");
  }
  RM_ASSIGN(options.keep_input, values.boolean("keep-input"));
  if (options.model.empty()) {
    return fail(ErrorCode::kInvalidInput, "say which model scores the rows, with --model PATH");
  }
  RM_TRY(check_directory_of(options.output));
  return options;
}

int run_predict(const Call& call) {
  const auto options = read_options(call);
  const auto done = options ? predict_file(*options) : Result<void>(fail(options.error()));
  return done ? 0 : report(kName, done.error(), call.environment);
}

}  // namespace

Command predict_command() noexcept {
  return {.name = kName,
          .summary = "Score the rows of a CSV file, without a server",
          .arguments = "[IN.csv|-]",
          .options = kTable,
          .examples = {"ringmaker predict --model model rows.csv -o scores.csv",
                       "cat rows.csv | ringmaker predict --model model --outputs "
                       "predicted_label,probability"},
          .run = run_predict,
          .words_max = 1};
}

Result<void> predict_file(const PredictOptions& options) {
  RM_ASSIGN(model::Model model, serve::read_model(options.model));
  const bool native = NativeAnswers::asked_for(options.outputs);
  RM_TRY(choose_rounds(options, native, model));
  RM_ASSIGN(const auto predictor, serve::prepare_predictor(model, base::detect_instruction_set()));
  RM_ASSIGN(PredictedColumns columns,
            PredictedColumns::parse(native ? "" : options.outputs, predictor->output()));
  std::optional<NativeAnswers> answers_of_library;
  if (native && options.keep_input) {
    return fail(ErrorCode::kInvalidInput,
                "--keep-input does not go with --outputs native, leaf or contributions");
  }
  if (native) {
    RM_ASSIGN(answers_of_library, NativeAnswers::make(model, *predictor, options.outputs));
  }
  RM_ASSIGN(PredictInput input, PredictInput::open(options.input, options.keep_input));
  if (options.output != "-" && input.is_file(options.output)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} is the input: answers written there would replace its rows",
                            options.output));
  }
  Answers answers(options.output);
  Prediction prediction(*predictor, std::move(columns),
                        answers_of_library ? &*answers_of_library : nullptr, options.keep_input,
                        answers);
  while (true) {
    RM_ASSIGN(const std::string_view piece, input.next());
    if (auto taken = prediction.take(piece, piece.empty()); !taken) {
      const bool of_input = taken.error().code() == ErrorCode::kInvalidInput;
      return fail(of_input ? taken.error().within(input.name()) : taken.error());
    }
    if (piece.empty()) {
      break;
    }
  }
  return answers.finish();
}

}  // namespace ringmaker::cli
