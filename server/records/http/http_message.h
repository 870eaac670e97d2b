// SPDX-License-Identifier: Apache-2.0
// HTTP/1 messages as they were sent or received.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "scamper/v1/http.pb.h"

namespace scamper::records {

// Of a status line "HTTP/d.d ddd ..." at the start that ends in a carriage return within 127
// bytes.
std::optional<uint32_t> HttpStatusCode(absl::string_view hdr);

// The fields behind the first line: names before the first colon, values without blanks around.
// Lines without either are skipped.
void ParseHttpHeaders(absl::string_view hdr,
                      google::protobuf::RepeatedPtrField<v1::HttpHeader>* out);

// Whether the fields say that the body is in chunks.
bool IsHttpChunked(const google::protobuf::RepeatedPtrField<v1::HttpHeader>& headers);

// The chunks put together; the last one may be cut, and the final empty one may be missing.
// Nothing where a size is malformed.
std::optional<std::string> JoinHttpChunks(absl::string_view body);

}  // namespace scamper::records
