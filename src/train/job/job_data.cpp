#include "train/job/job_data.h"

#include "base/text.h"
#include "train/channel/channel_files.h"
#include "train/dataset/build_dataset.h"
#include "train/reader/index_column.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace ringmaker::train {
namespace {

/// Why num_classes, which is not less than the classes there are, changes nothing; empty when it
/// says what is so.
std::string idle_class_count(uint64_t declared, const Dataset& train) {
  const size_t classes = train.output.class_names.size();
  if (train.output.task == data::Task::kRegression) {
    return fmt::format("num_classes={} is without effect: a regressor has no classes", declared);
  }
  return declared == classes
             ? std::string()
             : fmt::format(
                   "num_classes={} is without effect: the labels have {} different values, "
                   "and the model knows no others",
                   declared, classes);
}

base::Result<CsvOptions> csv_options(const Plan& plan) {
  CsvOptions options;
  options.label = plan.label;
  options.drop_columns = plan.hyperparameters.list("drop_columns");
  options.missing_markers = plan.hyperparameters.list("na_values");
  if (plan.hyperparameters.text("csv_header")) {
    RM_ASSIGN(options.header, plan.hyperparameters.boolean("csv_header", false));
  }
  RM_ASSIGN(options.weights, plan.hyperparameters.boolean("csv_weights", false));
  return options;
}

base::Result<uint64_t> declared_features(const Plan& plan, uint64_t otherwise) {
  return plan.hyperparameters.integer("feature_dim", otherwise, 1, 1 << 24);
}

base::Result<uint64_t> declared_classes(const Plan& plan, uint64_t otherwise) {
  return plan.hyperparameters.integer("num_classes", otherwise, 2, 1'000'000);
}

std::string header_text(const CsvTable& table) {
  const size_t files = table.files.size();
  const size_t headerless = table.headerless_files.size();
  return !table.layout.header || headerless == files ? "without a header"
         : headerless == 0                           ? "with a header"
                           : fmt::format("with a header in {} of them", files - headerless);
}

/// Which files have no header where one was taken for all; empty where all have one.
std::string headerless_note(const CsvTable& table) {
  if (table.headerless_files.empty()) {
    return {};
  }
  const std::string& first = table.files[table.headerless_files.front()];
  const size_t others = table.headerless_files.size() - 1;
  return fmt::format(
      "{} has no header{}; columns are taken in the order of the first header", first,
      others == 0 ? "" : fmt::format(", nor have {} more", base::counted(others, "file")));
}

}  // namespace

base::Result<std::vector<DataFile>> list_channel(const Plan& plan, const std::string& path,
                                                 std::string_view channel) {
  return list_files(path, plan.inside_sagemaker ? channel : path,
                    plan.inside_sagemaker ? fmt::format("the {} channel", channel)
                    : channel == "train"  ? "--data"
                                          : fmt::format("--{}", channel));
}

base::Result<void> check_declarations(const Plan& plan) {
  RM_TRY(csv_options(plan));
  RM_TRY(declared_features(plan, 1));
  RM_TRY(declared_classes(plan, 2));
  return {};
}

base::Result<void> check_files(const Plan& plan) {
  for (const auto& [path, channel] :
       {std::pair(&plan.train_path, "train"), std::pair(&plan.validation_path, "validation"),
        std::pair(&plan.test_path, "test")}) {
    if (path->empty()) {
      continue;
    }
    RM_ASSIGN(const auto files, list_channel(plan, *path, channel));
    for (const DataFile& file : files) {
      if (::faccessat(AT_FDCWD, file.path.c_str(), R_OK, AT_EACCESS) != 0) {
        return base::fail(base::system_error(errno, fmt::format("cannot open {}", file.path)));
      }
    }
  }
  return {};
}

base::Result<CsvTable> read_channel(const Plan& plan, const std::string& path,
                                    std::string_view channel, TrainingObserver& observer,
                                    telemetry::Log& log, const CsvLayout* of) {
  RM_ASSIGN(const auto files, list_channel(plan, path, channel));
  RM_ASSIGN(const CsvOptions options, csv_options(plan));
  const ReadOptions read{.stop_requested = [&] { return observer.stop_requested(); }};
  RM_ASSIGN(CsvTable table, read_csv_table(files, options, read, of));
  if (of == nullptr && table.layout.numbered_row) {
    observer.on_note(
        fmt::format("{}: the first row, 0 to {}, is taken for values; if it is a "
                    "header, say csv_header=true",
                    channel, table.layout.columns() - 1));
  }
  if (of == nullptr && table.layout.numbers_for_names > 0) {
    observer.on_note(
        fmt::format("{}: the first row is taken for a header, though {} of its {} names {}; "
                    "if it holds values, say csv_header=false",
                    channel, table.layout.numbers_for_names, table.layout.columns(),
                    table.layout.numbers_for_names == 1 ? "is a number" : "are numbers"));
  }
  if (const std::string note = headerless_note(table); !note.empty()) {
    observer.on_note(fmt::format("{}: {}", channel, note));
  }
  if (const std::string note = index_note(table, options); of == nullptr && !note.empty()) {
    observer.on_note(fmt::format("{}: {}", channel, note));
  }
  const std::string read_text = fmt::format(
      "{}: {}, {}, {}, from {} {}; label: {}", channel, base::counted(table.labels.size(), "row"),
      base::counted(table.layout.feature_names.size(), "feature"),
      table.weights.empty() ? "no weights" : "weights in the second column",
      base::counted(files.size(), "file"), header_text(table),
      column_text(table.layout, table.layout.label_column));
  log.write(telemetry::Level::kInfo, "channel_read", {{"detail", read_text}});
  return table;
}

base::Result<std::optional<Dataset>> read_further(const Plan& plan, const std::string& path,
                                                  std::string_view channel, const Dataset& train,
                                                  const CsvLayout& layout,
                                                  TrainingObserver& observer, telemetry::Log& log) {
  std::optional<Dataset> further;
  if (!path.empty()) {
    RM_ASSIGN(CsvTable table, read_channel(plan, path, channel, observer, log, &layout));
    RM_ASSIGN(further, build_further_set(std::move(table), train, channel));
  }
  return further;
}

base::Result<void> check_declared(const Plan& plan, const Dataset& train,
                                  TrainingObserver& observer) {
  RM_ASSIGN(const uint64_t features, declared_features(plan, train.schema.feature_count()));
  if (features != train.schema.feature_count()) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("hyperparameter \"feature_dim\" is {}; the data has {}", features,
                                  base::counted(train.schema.feature_count(), "feature")));
  }
  const size_t classes = train.output.class_names.size();
  RM_ASSIGN(const uint64_t declared, declared_classes(plan, classes));
  if (classes > declared) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("hyperparameter \"num_classes\" is {}; the labels have {} "
                                  "different values",
                                  declared, classes));
  }
  if (plan.hyperparameters.text("num_classes")) {
    if (const std::string note = idle_class_count(declared, train); !note.empty()) {
      observer.on_note(note);
    }
  }
  return {};
}

}  // namespace ringmaker::train
