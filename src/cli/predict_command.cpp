#include "cli/predict_command.h"

#include "base/atomic_file.h"
#include "cli/answer_table.h"
#include "cli/csv_field.h"
#include "cli/predict_input.h"
#include "cli/terminal.h"
#include "codec/csv/csv_dialect.h"
#include "codec/decoder.h"
#include "model/artifact.h"
#include "serve/model_files.h"
#include "serve/model_store.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace ringmaker::cli {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr size_t kRowsMax = 4096;
/// Text for a file that is written in one go.
constexpr size_t kFileBytes = 1 << 20;

/// Where answers go, as they come: to standard output, or to a file that is seen once it is whole.
class Answers {
 public:
  explicit Answers(std::string path) : path_(std::move(path)) {}

  std::string& text() { return text_; }
  Result<void> flush() {
    return path_ == "-" || text_.size() >= kFileBytes ? write() : Result<void>();
  }
  Result<void> finish() {
    RM_TRY(write());
    return file_ ? file_->commit() : Result<void>();
  }

 private:
  Result<void> write() {
    if (path_ != "-" && !file_) {
      RM_ASSIGN(file_, base::AtomicFile::open(path_));
    }
    if (file_) {
      RM_TRY(file_->write(std::as_bytes(std::span(text_))));
    } else if (!text_.empty()) {
      RM_TRY(write_result(text_));
    }
    text_.clear();
    return {};
  }

  std::string path_;
  std::string text_;
  std::optional<base::AtomicFile> file_;
};

class Prediction {
 public:
  Prediction(AnswerTable& table, bool keep_input, Answers& answers)
      : table_(table),
        keep_input_(keep_input),
        answers_(answers),
        decoder_(codec::make_decoder(codec::Format::kCsv, table.schema())),
        rows_(table.schema().feature_count(), kRowsMax) {
    codec::PayloadOptions options;
    options.blank_lines_are_rows = true;  // answers stand line by line beside what was asked
    decoder_->reset(options);
  }

  Result<void> take(std::string_view piece, bool last) {
    const std::string_view line = piece.substr(0, piece.find_last_not_of("\r\n") + 1);
    const bool is_row = !line.empty() || table_.schema().feature_count() == 1;
    if (keep_input_ && separator_ == 0 && is_row) {
      separator_ = codec::sniff_separator(line, table_.schema().feature_count());
    }
    size_t rows = 0;
    while (true) {
      rows_.resize(0);
      data::BlockWriter writer(rows_);
      const codec::DecodeProgress progress = decoder_->decode(piece, last, kRowsMax, writer);
      if (progress.status == codec::DecodeStatus::kError) {
        return fail(ErrorCode::kInvalidInput, codec::describe(decoder_->error(), table_.schema()));
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
    if (keep_input_ && rows == 0 && !begun_ && !line.empty()) {
      begin(line);
    }
    return {};
  }

 private:
  void answer(std::string_view line) {
    if (!keep_input_) {
      if (!begun_ && table_.has_header() && rows_.rows() > 0) {
        answers_.text() += table_.header() + '\n';
      }
      begun_ |= rows_.rows() > 0;
      table_.append(rows_.view(), answers_.text());
      return;
    }
    for (size_t i = 0; i < rows_.rows(); ++i) {
      if (!begun_ && table_.has_header()) {
        begin(feature_names());
      }
      begun_ = true;
      answer_.clear();
      table_.append(rows_.view().slice(i, 1), answer_);
      answer_.pop_back();  // the end of the line
      keep(line, answer_);
    }
  }

  /// The line that names the columns of the input has those of the answers behind it.
  void begin(std::string_view names) {
    keep(names, table_.header());
    begun_ = true;
  }

  /// What stands before rows that came without a header.
  [[nodiscard]] std::string feature_names() const {
    std::string text;
    for (const std::string& name : table_.schema().feature_names) {
      text += text.empty() ? "" : std::string(1, separator_);
      append_csv_field(text, name);
    }
    return text;
  }

  /// Behind a line of the input: with its separator, so that what is added is part of it.
  void keep(std::string_view line, std::string_view added) {
    std::string& text = answers_.text();
    text += line;
    text += separator_;
    bool quoted = false;
    for (const char c : added) {
      quoted = quoted != (c == '"');
      text += c == ',' && !quoted ? separator_ : c;
    }
    text += '\n';
  }

  AnswerTable& table_;
  bool keep_input_;
  char separator_ = 0;  // of rows that are kept, once one is known
  Answers& answers_;
  std::unique_ptr<codec::Decoder> decoder_;
  data::DenseBlock rows_;
  std::string answer_;  // to one row
  bool begun_ = false;  // of lines that are kept, or with the header, the first is written
};

constexpr std::string_view kName = "predict";
constexpr std::array<config::Option, 6> kTable{{
    {"model", "PATH", "", "model file, or directory that holds one"},
    {.name = "output",
     .value_name = "FILE",
     .default_value = "-",
     .help = "where answers go, whole or not at all (-: standard output)",
     .letter = 'o'},
    {"outputs", "LIST", "",
     "columns to answer, under a header: those of the model's own library (native, raw_score, "
     "leaf, contributions) and those of serve (score, predicted_label, labels, probability, "
     "probabilities, raw_scores, predicted_score); without it the score alone, and no header"},
    {"rounds", "all|best", "",
     "rounds of a boosted model that score; without it all for columns of the library, the best "
     "for those of serve"},
    {"model-dir", "DIR", "", "the same as --model"},
    {"keep-input", "", "false", "write each row before its answer"},
}};

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

/// Answers there would replace what scores, or stand before it for the next reader of its
/// directory.
Result<void> check_apart_from_model(const PredictOptions& options) {
  if (options.output == "-") {
    return {};
  }
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path output = options.output;
  RM_ASSIGN(const std::vector<std::string> files, serve::model_files(options.model));
  const bool replaces = std::ranges::any_of(
      files, [&](const std::string& file) { return fs::equivalent(output, file, error); });
  const fs::path directory = output.has_parent_path() ? output.parent_path() : fs::path(".");
  const bool hides = output.filename() == model::kArtifactFileName &&
                     fs::equivalent(directory, fs::path(files.front()).parent_path() / ".", error);
  if (replaces || hides) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} is {}: answers written there would replace it", options.output,
                            replaces ? "a file of the model" : "where the model is looked for"));
  }
  return {};
}

/// The model itself is let go of.
Result<AnswerTable> read_table(const PredictOptions& options) {
  RM_ASSIGN(const model::Model model, serve::read_model(options.model));
  return AnswerTable::make(model, options.outputs, options.rounds);
}

Result<PredictOptions> read_options(const Call& call) {
  RM_ASSIGN(const config::OptionValues values, resolve(kTable, call));
  RM_ASSIGN(const std::string model, text_of_either(values, "model", "model-dir"));
  PredictOptions options{.model = model,
                         .input = call.words.empty() ? "-" : call.words.front(),
                         .output = values.text("output"),
                         .outputs = values.text("outputs"),
                         .rounds = values.text("rounds")};
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
  RM_ASSIGN(AnswerTable table, read_table(options));
  RM_TRY(check_apart_from_model(options));
  RM_ASSIGN(PredictInput input, PredictInput::open(options.input, options.keep_input));
  if (options.output != "-" && input.is_file(options.output)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} is the input: answers written there would replace its rows",
                            options.output));
  }
  Answers answers(options.output);
  Prediction prediction(table, options.keep_input, answers);
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
