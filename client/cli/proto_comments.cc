// SPDX-License-Identifier: Apache-2.0
#include "client/cli/proto_comments.h"

#include "absl/strings/ascii.h"
#include "google/protobuf/descriptor.pb.h"

namespace scamper::cli {
namespace {

constexpr unsigned char kDescriptors[] = {
#include "client/cli/descriptors.inc"
};

// The pool of the generated code has no comments.
const google::protobuf::DescriptorPool& CommentedPool() {
  static const auto* const pool = [] {
    auto* made = new google::protobuf::DescriptorPool;
    google::protobuf::FileDescriptorSet set;
    if (set.ParseFromArray(kDescriptors, sizeof(kDescriptors))) {
      for (const google::protobuf::FileDescriptorProto& file : set.file()) made->BuildFile(file);
    }
    return made;
  }();
  return *pool;
}

template <typename Descriptor>
std::string Leading(const Descriptor* descriptor) {
  google::protobuf::SourceLocation location;
  if (!descriptor->GetSourceLocation(&location)) return "";
  absl::RemoveExtraAsciiWhitespace(&location.leading_comments);
  return location.leading_comments;
}

}  // namespace

std::string CommentOf(const google::protobuf::FieldDescriptor* field) {
  const auto* commented = CommentedPool().FindFieldByName(field->full_name());
  if (commented == nullptr) return "";
  std::string comment = Leading(commented);
  if (commented->real_containing_oneof() != nullptr) {
    comment = Leading(commented->real_containing_oneof()) + " " + comment;
    absl::RemoveExtraAsciiWhitespace(&comment);
  }
  return comment;
}

}  // namespace scamper::cli
