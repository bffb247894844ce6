#include "cli/predict_input.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace ringmaker::cli {
namespace {

constexpr size_t kPieceBytes = 1 << 18;

}  // namespace

base::Result<PredictInput> PredictInput::open(const std::string& path, bool by_line) {
  if (path == "-") {
    return PredictInput(File(stdin), "standard input", by_line);
  }
  File file(std::fopen(path.c_str(), "re"));
  if (file == nullptr) {
    return base::fail(base::system_error(errno, fmt::format("cannot open {}", path)));
  }
  struct stat info{};
  if (::fstat(::fileno(file.get()), &info) == 0 && S_ISDIR(info.st_mode)) {
    return base::fail(
        base::ErrorCode::kInvalidInput,
        fmt::format("{} is a directory; name the file whose rows are to be scored", path));
  }
  return PredictInput(std::move(file), path, by_line);
}

PredictInput::PredictInput(File file, std::string name, bool by_line)
    : file_(std::move(file)), name_(std::move(name)), by_line_(by_line), coded_(kPieceBytes) {}

bool PredictInput::is_file(const std::string& path) const noexcept {
  struct stat own{};
  struct stat other{};
  return ::fstat(::fileno(file_.get()), &own) == 0 && ::stat(path.c_str(), &other) == 0 &&
         S_ISREG(own.st_mode) && own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

base::Result<std::string_view> PredictInput::next() {
  piece_.clear();
  bool quoted = false;
  while (true) {
    if (left_.empty()) {
      RM_ASSIGN(const bool more, fill());
      if (!more) {
        break;
      }
    }
    if (!by_line_) {
      return std::exchange(left_, {});
    }
    const char c = left_.front();
    left_.remove_prefix(1);
    piece_ += c;
    quoted = quoted != (c == '"');
    if (c == '\n' && !quoted) {
      break;
    }
  }
  if (!piece_.empty() && piece_.back() != '\n') {
    piece_ += '\n';
  }
  return std::string_view(piece_);
}

base::Result<bool> PredictInput::fill() {
  if (!started_) {
    started_ = true;
    RM_TRY(recognise_coding());
  }
  if (inflater_ == nullptr) {
    if (coded_left_.empty()) {
      RM_TRY(read());
    }
    left_ = std::exchange(coded_left_, {});
    return !left_.empty();
  }
  while (left_.empty()) {
    if (coded_left_.empty() && !file_ended_) {
      RM_TRY(read());
    }
    const wire::InflateStep step = inflater_->step(coded_left_, plain_);
    coded_left_.remove_prefix(step.consumed);
    left_ = std::string_view(plain_.data(), step.produced);
    if (step.broken) {
      return base::fail(base::ErrorCode::kCorrupt,
                        fmt::format("{} is damaged: {}", name_, inflater_->problem()));
    }
    if (left_.empty() && coded_left_.empty() && file_ended_) {
      if (!inflater_->at_end()) {
        return base::fail(base::ErrorCode::kCorrupt, fmt::format("{} is cut off", name_));
      }
      return false;
    }
  }
  return true;
}

base::Result<void> PredictInput::read() {
  const size_t bytes = std::fread(coded_.data(), 1, coded_.size(), file_.get());
  if (std::ferror(file_.get()) != 0) {
    return base::fail(base::system_error(errno, fmt::format("cannot read {}", name_)));
  }
  file_ended_ = bytes < coded_.size();
  coded_left_ = std::string_view(coded_.data(), bytes);
  return {};
}

base::Result<void> PredictInput::recognise_coding() {
  RM_TRY(read());
  if (const auto coding = wire::coding_of(coded_left_)) {
    inflater_ = wire::make_inflater(*coding);
    plain_.resize(kPieceBytes);
  }
  return {};
}

}  // namespace ringmaker::cli
