// Path: one spelling of a request's path, for routing.
#pragma once

#include <string>
#include <string_view>

namespace ringmaker::http {

/// `path` with the escapes of letters, digits and "-._~" undone, which mean the same either way
/// (RFC 3986, 6.2.2.2); all other escapes stay, so that no slash appears that was not there. Most
/// paths have none and are returned as they are; else the result lies in `scratch`.
[[nodiscard]] std::string_view unescape_unreserved(std::string_view path, std::string& scratch);

}  // namespace ringmaker::http
