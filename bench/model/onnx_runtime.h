// OnnxRuntime: the shared library of ONNX Runtime, as npm's onnxruntime-node brings it, by its C
// interface. Its table of functions only ever grows at the end, so that the places of old functions
// are as good as a header.
#pragma once

#include <dlfcn.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace ringmaker::bench {

/// One for the program; sessions hold on to it.
class OnnxRuntime {
 public:
  /// The library that RINGMAKER_ONNXRUNTIME names; null where it names none that can be loaded.
  static const OnnxRuntime* find() {
    static const OnnxRuntime kRuntime;
    return kRuntime.table_ == nullptr ? nullptr : &kRuntime;
  }

 private:
  friend class OnnxSession;

  enum Place : size_t {
    kGetErrorMessage = 2,
    kCreateEnv = 3,
    kCreateSessionFromArray = 8,
    kRun = 9,
    kCreateSessionOptions = 10,
    kSetIntraOpNumThreads = 24,
    kCreateTensorWithDataAsOrtValue = 49,
    kCreateCpuMemoryInfo = 69,
  };
  struct Base {
    const void* const* (*api)(uint32_t version);
    const char* (*version)();
  };

  OnnxRuntime() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread, and nobody sets variables.
    const char* path = std::getenv("RINGMAKER_ONNXRUNTIME");
    void* library = path == nullptr ? nullptr : dlopen(path, RTLD_NOW);
    void* base = library == nullptr ? nullptr : dlsym(library, "OrtGetApiBase");
    if (base == nullptr) {
      return;
    }
    table_ = reinterpret_cast<const Base* (*)()>(base)()->api(1);
    call<kCreateEnv>(3, "bench", &environment_);
    call<kCreateSessionOptions>(&options_);
    call<kSetIntraOpNumThreads>(options_, 1);
    call<kCreateCpuMemoryInfo>(1, 0, &memory_);
  }

  /// The benchmark ends where the runtime refuses something.
  template <Place place, class... Arguments>
  void call(Arguments... arguments) const {
    using Function = void* (*)(Arguments...);
    void* status = reinterpret_cast<Function>(const_cast<void*>(table_[place]))(arguments...);
    if (status != nullptr) {
      using Message = const char* (*)(void*);
      const auto message = reinterpret_cast<Message>(const_cast<void*>(table_[kGetErrorMessage]));
      std::fprintf(stderr, "ONNX Runtime: %s\n", message(status));
      std::exit(1);  // NOLINT(concurrency-mt-unsafe): there is one thread.
    }
  }

  const void* const* table_ = nullptr;
  void* environment_ = nullptr;
  void* options_ = nullptr;
  void* memory_ = nullptr;
};

/// A model with one input "x" of floats and one output "y", which calls fill by turns from blocks
/// of rows that are tensors already: only running is measured.
class OnnxSession {
 public:
  enum Element : int { kFloat = 1, kInteger = 7 };

  /// `values`: blocks of rows x columns; they and `out` must outlive the session.
  OnnxSession(const OnnxRuntime& runtime, const std::string& file, std::vector<float>& values,
              size_t rows, size_t columns, Element out_type, std::vector<int64_t> out_shape,
              void* out, size_t out_bytes)
      : runtime_(runtime) {
    runtime_.call<OnnxRuntime::kCreateSessionFromArray>(
        runtime_.environment_, static_cast<const void*>(file.data()), file.size(),
        static_cast<const void*>(runtime_.options_), &session_);
    const int64_t shape[2] = {static_cast<int64_t>(rows), static_cast<int64_t>(columns)};
    for (size_t at = 0; at + rows * columns <= values.size(); at += rows * columns) {
      blocks_.push_back(tensor(values.data() + at, rows * columns * sizeof(float), shape, 2, 1));
    }
    out_ = tensor(out, out_bytes, out_shape.data(), out_shape.size(), out_type);
  }

  void run(size_t block) const {
    const char* const in_name = "x";
    const char* const out_name = "y";
    const void* in = blocks_[block % blocks_.size()];
    void* out = out_;
    runtime_.call<OnnxRuntime::kRun>(session_, static_cast<const void*>(nullptr), &in_name, &in,
                                     size_t{1}, &out_name, size_t{1}, &out);
  }

 private:
  void* tensor(void* data, size_t bytes, const int64_t* shape, size_t rank, int type) const {
    void* value = nullptr;
    runtime_.call<OnnxRuntime::kCreateTensorWithDataAsOrtValue>(
        static_cast<const void*>(runtime_.memory_), data, bytes, shape, rank, type, &value);
    return value;
  }

  const OnnxRuntime& runtime_;
  void* session_ = nullptr;
  std::vector<void*> blocks_;
  void* out_ = nullptr;
};

}  // namespace ringmaker::bench
