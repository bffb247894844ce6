#include "codec/media_type.h"

#include "base/check.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace ringmaker::codec {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equals(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

/// The characters RFC 9110 allows in names.
bool is_token(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

/// Takes what stands before the next `separator` outside of quoted strings off the front.
std::string_view next_part(std::string_view& rest, char separator) {
  bool quoted = false;
  size_t i = 0;
  for (; i < rest.size() && (quoted || rest[i] != separator); ++i) {
    if (quoted && rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      quoted = !quoted;
    }
  }
  i = std::min(i, rest.size());
  const std::string_view part = rest.substr(0, i);
  rest.remove_prefix(std::min(rest.size(), i + 1));
  return base::trimmed(part);
}

/// 0 to 1000 for q=0 to q=1; 1000 without q. Clients get it wrong (`q=1.5`, `q=.2`, `q=high`), and
/// refusing what they plainly accept helps nobody: what is beyond the range is at its end, and what
/// is no number says nothing.
int quality(const MediaType& range) {
  const std::string_view text = range.parameter("q").value_or("");
  double q = 1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), q);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(q)) {
    return 1000;
  }
  return static_cast<int>(std::ceil(std::clamp(q, 0.0, 1.0) * 1000));
}

/// A media type, or a word without a slash, which then is the subtype of a type without a name.
std::optional<MediaType> parse_type_or_word(std::string_view text) {
  std::string_view parameters = text;
  const std::string_view word = next_part(parameters, ';');
  return is_token(word) ? MediaType{{}, word, base::trimmed(parameters)} : parse_media_type(text);
}

/// The same, or `*`, which Java's HttpURLConnection sends for `*/*`.
std::optional<MediaType> parse_range(std::string_view text) {
  auto range = parse_type_or_word(text);
  if (range && range->is("", "*")) {
    range->type = "*";
  }
  return range;
}

struct FormatNames {
  Format format;
  bool writable;
  /// The first is the one we write; those without a slash are short names that SageMaker knows.
  std::array<std::string_view, 4> names;
};

/// The order is that of preference among what a client likes equally. Formats of inference
/// protocols are not negotiated.
constexpr std::array<FormatNames, kNamedFormats> kTable{{
    {Format::kCsv, true, {"text/csv", "csv"}},
    {Format::kJson, true, {"application/json"}},
    {Format::kJsonLines,
     true,
     {"application/jsonlines", "application/x-jsonlines", "application/x-ndjson",
      "application/ndjson"}},
    {Format::kLibsvm, false, {"text/libsvm", "text/x-libsvm", "libsvm"}},
    {Format::kNpy, true, {"application/x-npy"}},
    {Format::kNpz, false, {"application/x-npz"}},
    {Format::kRecordio, true, {"application/x-recordio-protobuf", "recordio-protobuf"}},
    {Format::kFloat32, false, {"application/octet-stream; dtype=float32"}},
}};

const FormatNames& names_of(Format format) {
  const auto* const found =
      std::find_if(kTable.begin(), kTable.end(),
                   [format](const FormatNames& names) { return names.format == format; });
  RM_CHECK(found != kTable.end());
  return *found;
}

/// A name with a parameter is that of a type which has it.
bool is_named(const MediaType& type, std::string_view name) {
  const size_t slash = name.find('/');
  if (slash == std::string_view::npos) {
    return type.is("", name);
  }
  const size_t end = std::min(name.find(';', slash), name.size());
  if (!type.is(name.substr(0, slash), name.substr(slash + 1, end - slash - 1))) {
    return false;
  }
  std::string_view value = name.substr(end);
  if (value.empty()) {
    return true;
  }
  value.remove_prefix(1);
  const std::string_view key = next_part(value, '=');
  const auto given = type.parameter(key);
  return given && equals(*given, value);
}

bool is_any_of(const MediaType& type, const FormatNames& format) {
  return std::any_of(format.names.begin(), format.names.end(), [&type](std::string_view name) {
    return !name.empty() && is_named(type, name);
  });
}

std::string list_names(bool writable_only) {
  std::string list;
  for (const FormatNames& format : kTable) {
    if (format.writable || !writable_only) {
      list += list.empty() ? "" : ", ";
      list += format.names.front();
    }
  }
  return list;
}

/// How closely the range names the format: 3 type/subtype, 2 type/*, 1 */*, 0 not at all.
int specificity(const MediaType& range, Format format) {
  const FormatNames& names = names_of(format);
  if (is_any_of(range, names)) {
    return 3;
  }
  if (range.is(names.names.front().substr(0, names.names.front().find('/')), "*")) {
    return 2;
  }
  return range.is("*", "*") ? 1 : 0;
}

/// What an Accept list says about one format.
struct Preference {
  int quality = 0;
  int specificity = 0;
  size_t position = 0;
};

Preference preference(std::string_view accept, Format format) {
  Preference best;
  for (size_t position = 0; !accept.empty(); ++position) {
    const auto range = parse_range(next_part(accept, ','));
    const int how_specific = range ? specificity(*range, format) : 0;
    if (how_specific > best.specificity) {
      best = {quality(*range), how_specific, position};
    }
  }
  return best;
}

}  // namespace

bool MediaType::is(std::string_view other_type, std::string_view other_subtype) const noexcept {
  return equals(type, other_type) && equals(subtype, other_subtype);
}

std::optional<std::string_view> MediaType::parameter(std::string_view name) const noexcept {
  std::string_view rest = parameters;
  while (!rest.empty()) {
    std::string_view value = next_part(rest, ';');
    const std::string_view key = next_part(value, '=');
    if (equals(key, name)) {
      value = base::trimmed(value);
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
      }
      return value;
    }
  }
  return std::nullopt;
}

std::optional<MediaType> parse_media_type(std::string_view text) noexcept {
  std::string_view rest = text;
  const std::string_view name = next_part(rest, ';');
  const size_t slash = name.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  const MediaType parsed{name.substr(0, slash), name.substr(slash + 1), base::trimmed(rest)};
  return is_token(parsed.type) && is_token(parsed.subtype) ? std::optional(parsed) : std::nullopt;
}

std::string_view media_type_name(Format format) noexcept { return names_of(format).names.front(); }

std::string_view readable_media_types() noexcept {
  static const std::string kList = list_names(false);
  return kList;
}

std::string_view writable_media_types() noexcept {
  static const std::string kList = list_names(true);
  return kList;
}

bool is_writable(Format format) noexcept { return names_of(format).writable; }

std::optional<Format> request_format(std::string_view content_type) noexcept {
  content_type = base::trimmed(content_type);
  if (content_type.empty()) {
    return Format::kCsv;
  }
  const auto parsed = parse_type_or_word(content_type);
  for (const FormatNames& format : kTable) {
    if (parsed && is_any_of(*parsed, format)) {
      return format.format;
    }
  }
  return std::nullopt;
}

std::optional<PayloadOptions> payload_options(std::string_view content_type) noexcept {
  PayloadOptions options;
  const auto parsed = parse_type_or_word(base::trimmed(content_type));
  const auto base = parsed ? parsed->parameter("index_base") : std::nullopt;
  if (base && *base != "0" && *base != "1") {
    return std::nullopt;
  }
  if (base) {
    options.index_base = *base == "1" ? 1 : 0;
  }
  const bool csv = parsed && is_any_of(*parsed, names_of(Format::kCsv));
  if (const auto header = csv ? parsed->parameter("header") : std::nullopt) {
    options.header = equals(*header, "present");
    if (!*options.header && !equals(*header, "absent")) {
      return std::nullopt;
    }
  }
  return options;
}

std::optional<Format> select_response_format(std::string_view accept,
                                             std::optional<Format> configured,
                                             Format request) noexcept {
  const Format ours = configured.value_or(is_writable(request) ? request : Format::kCsv);
  if (accept.find_first_not_of(" \t,;") == std::string_view::npos) {
    return ours;  // a list of nothing
  }
  std::optional<Format> best;
  Preference best_preference;
  const auto consider = [&](Format format) {
    const Preference found = preference(accept, format);
    const bool better = found.quality > best_preference.quality ||
                        (best && found.quality == best_preference.quality &&
                         found.position < best_preference.position);
    if (found.quality > 0 && better) {
      best = format;
      best_preference = found;
    }
  };
  consider(ours);
  for (const FormatNames& format : kTable) {
    if (format.writable) {
      consider(format.format);
    }
  }
  return best;
}

}  // namespace ringmaker::codec
