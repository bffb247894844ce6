// requested_outputs: what the answer to a request shall hold.
//
// A request says so in its custom attributes, the one header field of ours that the platform hands
// on, or in a body that has room for it, JSON's member "outputs", which beats them:
// "outputs=predicted_label,probability", alone or among others that ; or , divides.
#pragma once

#include "base/result.h"
#include "codec/selected/output_selection.h"
#include "data/schema.h"
#include "http/exchange.h"

#include <optional>
#include <string_view>

namespace ringmaker::serve {

/// Of an error below, where clients learn neither values nor names.
inline constexpr std::string_view kOutputsNotGiven =
    "an output that the request asks for is unknown, or not given by this model or in this way";

/// The list after "outputs=", a view into `attributes`; none where they do not say.
[[nodiscard]] std::optional<std::string_view> outputs_attribute(
    std::string_view attributes) noexcept;

/// What `head` asks for, else `configured`. The error says what a model with such scores gives.
[[nodiscard]] base::Result<codec::OutputSelection> requested_outputs(
    const http::RequestHead& head, const codec::OutputSelection& configured,
    const data::OutputSchema& output);

/// The same for a list of names that stands in a body.
[[nodiscard]] base::Result<codec::OutputSelection> requested_outputs(
    std::string_view list, const data::OutputSchema& output);

}  // namespace ringmaker::serve
