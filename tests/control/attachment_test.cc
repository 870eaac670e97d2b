// SPDX-License-Identifier: Apache-2.0
#include "server/control/attachment.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scamper::control {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(AttachCommandTest, SaysWhatThereIs) {
  EXPECT_EQ(AttachCommand({}).value(), "attach");
  Attachment attachment;
  attachment.list_id = 7;
  attachment.cycle_id = 4294967295;
  attachment.list_name = "lab-vp1";
  attachment.monitor = "vp1";
  attachment.list_descr = "golden set, it's 'new'";
  EXPECT_EQ(AttachCommand(attachment).value(),
            "attach list_id 7 cycle_id 4294967295 name \"lab-vp1\" monitor \"vp1\" descr \"golden "
            "set, it's 'new'\"");
}

TEST(AttachCommandTest, OnlyOneThatSaysNothingIsEmpty) {
  EXPECT_TRUE(IsEmpty({}));
  Attachment attachment;
  attachment.cycle_id = 1;
  EXPECT_FALSE(IsEmpty(attachment));
}

TEST(AttachCommandTest, NothingThatCouldBreakTheLineGetsIn) {
  for (const std::string& text :
       {std::string(), std::string("a\" cycle_id 5"), std::string("a\nattach"), std::string("a\rb"),
        std::string(1, '\0'), std::string("\x7f"), std::string("\xc3\xa9"),
        std::string(256, 'a')}) {
    Attachment attachment;
    attachment.list_descr = text;
    const auto command = AttachCommand(attachment);
    EXPECT_EQ(command.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(command.status().message()), StartsWith("list_descr must ")) << text;
  }
  Attachment attachment;
  attachment.list_name = "ab\"";
  EXPECT_THAT(std::string(AttachCommand(attachment).status().message()), HasSubstr("byte 2"));
}

}  // namespace
}  // namespace scamper::control
