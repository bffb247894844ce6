#include "tests/support/onnx_writer.h"

#include <protozero/pbf_writer.hpp>

namespace ringmaker::test {
namespace {

using protozero::pbf_writer;

std::string port(const std::string& name, int32_t type, const std::vector<int64_t>* dims) {
  std::string bytes;
  pbf_writer info(bytes);
  info.add_string(1, name);
  pbf_writer of_type(info, 2);
  pbf_writer tensor(of_type, 1);
  tensor.add_int32(1, type);
  if (dims != nullptr) {
    pbf_writer shape(tensor, 2);
    for (const int64_t dim : *dims) {
      pbf_writer one(shape, 1);
      if (dim < 0) {
        one.add_string(2, "N");
      } else {
        one.add_int64(1, dim);
      }
    }
  }
  return bytes;
}

std::string attribute(const std::string& name, const OnnxValue& value) {
  std::string bytes;
  pbf_writer writer(bytes);
  writer.add_string(1, name);
  struct Write {
    pbf_writer& out;
    void operator()(float x) const {
      out.add_float(2, x);
      out.add_int32(20, 1);
    }
    void operator()(int64_t x) const {
      out.add_int64(3, x);
      out.add_int32(20, 2);
    }
    void operator()(const std::string& x) const {
      out.add_string(4, x);
      out.add_int32(20, 3);
    }
    void operator()(const OnnxTensor& x) const {
      out.add_message(5, x.bytes(""));
      out.add_int32(20, 4);
    }
    void operator()(const OnnxBody& x) const {
      out.add_message(6, x.bytes);
      out.add_int32(20, 5);
    }
    void operator()(const std::vector<float>& x) const {
      out.add_packed_float(7, x.begin(), x.end());
      out.add_int32(20, 6);
    }
    // One by one, as old files have them.
    void operator()(const std::vector<int64_t>& x) const {
      for (const int64_t one : x) {
        out.add_int64(8, one);
      }
      out.add_int32(20, 7);
    }
    void operator()(const std::vector<std::string>& x) const {
      for (const std::string& one : x) {
        out.add_string(9, one);
      }
      out.add_int32(20, 8);
    }
  };
  std::visit(Write{writer}, value);
  return bytes;
}

}  // namespace

std::string OnnxTensor::bytes(const std::string& name) const {
  std::string text;
  pbf_writer writer(text);
  writer.add_packed_int64(1, dims.begin(), dims.end());
  struct Write {
    pbf_writer& out;
    void operator()(const std::vector<float>& x) const {
      out.add_int32(2, kOnnxFloat);
      out.add_packed_float(4, x.begin(), x.end());
    }
    void operator()(const std::vector<int64_t>& x) const {
      out.add_int32(2, kOnnxInt64);
      out.add_packed_int64(7, x.begin(), x.end());
    }
    void operator()(const std::vector<double>& x) const {
      out.add_int32(2, kOnnxDouble);
      out.add_packed_double(10, x.begin(), x.end());
    }
    void operator()(const std::vector<std::string>& x) const {
      out.add_int32(2, kOnnxString);
      for (const std::string& one : x) {
        out.add_string(6, one);
      }
    }
  };
  std::visit(Write{writer}, values);
  writer.add_string(8, name);
  return text;
}

OnnxWriter& OnnxWriter::graph_field(uint32_t field, const std::string& bytes) {
  pbf_writer(graph_).add_message(field, bytes);
  return *this;
}

OnnxWriter& OnnxWriter::input(const std::string& name, int32_t type, std::vector<int64_t> dims) {
  return graph_field(11, port(name, type, &dims));
}

OnnxWriter& OnnxWriter::output(const std::string& name, int32_t type) {
  return graph_field(12, port(name, type, nullptr));
}

OnnxWriter& OnnxWriter::constant(const std::string& name, const OnnxTensor& tensor) {
  return graph_field(5, tensor.bytes(name));
}

OnnxWriter& OnnxWriter::node(const std::string& op, const std::vector<std::string>& inputs,
                             const std::vector<std::string>& outputs,
                             const OnnxAttributes& attributes) {
  std::string bytes;
  pbf_writer writer(bytes);
  for (const std::string& input : inputs) {
    writer.add_string(1, input);
  }
  for (const std::string& output : outputs) {
    writer.add_string(2, output);
  }
  const size_t colon = op.find(':');
  writer.add_string(4, colon == std::string::npos ? op : op.substr(colon + 1));
  for (const auto& [name, value] : attributes) {
    writer.add_message(5, attribute(name, value));
  }
  if (colon != std::string::npos) {
    writer.add_string(7, op.substr(0, colon));
  }
  return graph_field(1, bytes);
}

std::string OnnxWriter::file(std::vector<std::pair<std::string, int64_t>> opsets) const {
  std::string bytes;
  pbf_writer writer(bytes);
  writer.add_int64(1, 8);
  writer.add_string(2, "ringmaker tests");
  writer.add_message(7, graph_);
  for (const auto& [domain, version] : opsets) {
    pbf_writer opset(writer, 8);
    opset.add_string(1, domain);
    opset.add_int64(2, version);
  }
  return bytes;
}

}  // namespace ringmaker::test
