// SPDX-License-Identifier: Apache-2.0
// What the tests of sources share.
#pragma once

#include <unistd.h>

#include <asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/control/asio_executor.h"
#include "server/control/source.h"

namespace scamper::control {

// Notes what a source tells, as text.
class NotingSourceListener : public SourceListener {
 public:
  void OnFound(FoundVp vp) override {
    events.push_back(absl::StrCat("found ", vp.fallback_name));
    found[vp.fallback_name] = std::move(vp);
  }
  void OnChanged(const std::string& key, v1::VantagePoint vp) override {
    events.push_back(absl::StrCat("changed ", NameOf(key), " ", vp.country()));
  }
  void OnGone(const std::string& key, absl::string_view why) override {
    events.push_back(absl::StrCat("gone ", NameOf(key)));
    reasons.emplace_back(why);
  }
  void OnStatus(absl::Status status) override {
    events.push_back(status.ok() ? "watched" : "lost");
    last_status = std::move(status);
  }

  // The vantage point that was found under that key.
  std::string NameOf(const std::string& key) const {
    for (const auto& [name, vp] : found) {
      if (vp.key == key) return name;
    }
    return "nobody";
  }
  bool Saw(const std::string& event) const {
    for (const std::string& seen : events) {
      if (seen == event) return true;
    }
    return false;
  }

  std::vector<std::string> events;
  std::vector<std::string> reasons;
  std::map<std::string, FoundVp> found;
  absl::Status last_status;
};

// A loop, and a directory that ends with the test.
class SourceTest : public testing::Test {
 protected:
  SourceTest() {
    std::string path = std::filesystem::temp_directory_path() / "source-XXXXXX";
    EXPECT_NE(::mkdtemp(path.data()), nullptr);
    directory_ = path;
  }
  ~SourceTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  void RunUntil(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(100));
    }
    ASSERT_TRUE(condition());
  }
  void RunUntilEvent(const std::string& event) {
    RunUntil([&] { return listener_.Saw(event); });
  }

  std::string directory_;
  asio::io_context io_;
  std::unique_ptr<base::Executor> executor_ = MakeAsioExecutor(&io_);
  NotingSourceListener listener_;
};

}  // namespace scamper::control
