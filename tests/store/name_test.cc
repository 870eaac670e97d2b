// SPDX-License-Identifier: Apache-2.0
#include "server/store/name.h"

#include <string>

#include "gtest/gtest.h"

namespace scamper::store {
namespace {

TEST(NameTest, NamesOfOneFolderAreGood) {
  for (const std::string& name :
       {std::string("a"), std::string("vp1.20260420-12:00:00+02@lab_3.warts.gz"), std::string("-"),
        std::string("a..b"), std::string(255, 'x')}) {
    EXPECT_TRUE(CheckName(name).ok()) << name;
  }
}

TEST(NameTest, NamesThatLeaveTheFolderOrHideAreRefused) {
  for (const std::string& name :
       {std::string(), std::string(256, 'x'), std::string("."), std::string(".."),
        std::string(".hidden"), std::string("a/b"), std::string("../a"), std::string("/etc"),
        std::string("a\\b"), std::string("a b"), std::string("a\n"), std::string("a\0b", 3),
        std::string("\xc3\xa4"), std::string("~"), std::string("a*")}) {
    EXPECT_EQ(CheckName(name).code(), absl::StatusCode::kInvalidArgument) << name;
  }
}

}  // namespace
}  // namespace scamper::store
