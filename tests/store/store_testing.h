// SPDX-License-Identifier: Apache-2.0
// A folder for a test, with a store in it.
#pragma once

#include <sys/resource.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "server/store/store.h"

namespace scamper::store {

class FolderTest : public testing::Test {
 protected:
  FolderTest() {
    char pattern[] = "/tmp/store_test-XXXXXX";
    root_ = mkdtemp(pattern);
    folder_ = root_ / "data";
    Open();
  }

  ~FolderTest() override {
    store_.reset();
    std::filesystem::remove_all(root_);
  }

  // Anew where it is open.
  void Open(uint64_t max_bytes = 0) {
    store_.reset();
    auto store = Store::Open(folder_, max_bytes);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  // What is in the folder on disk.
  std::vector<std::string> OnDisk() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      names.push_back(entry.path().filename());
    return names;
  }

  std::filesystem::path root_;
  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
};

// While it lives no file of this process can grow beyond `bytes`: a disk that is full.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_;
};

}  // namespace scamper::store
