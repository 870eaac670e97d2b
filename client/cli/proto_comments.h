// SPDX-License-Identifier: Apache-2.0
// The comments of the .proto files, which are kept in the program.
#pragma once

#include <string>

#include "google/protobuf/descriptor.h"

namespace scamper::cli {

// The comment above the field as one line of text; a member of a oneof has the comment of the oneof
// before its own. Empty where there is none. Thread safe.
std::string CommentOf(const google::protobuf::FieldDescriptor* field);

}  // namespace scamper::cli
