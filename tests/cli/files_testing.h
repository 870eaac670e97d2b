// SPDX-License-Identifier: Apache-2.0
// Result files for tests of the commands.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "server/io/open.h"
#include "server/io/string_io.h"

namespace scamper::cli {

// A folder of its own.
class Folder {
 public:
  Folder() {
    std::string name = testing::TempDir() + "/scamper-cli-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string Path(const std::string& name) const { return path_ + "/" + name; }

  // The path of a new file.
  std::string Put(const std::string& name, const std::string& contents) const {
    std::ofstream(Path(name), std::ios::binary) << contents;
    return Path(name);
  }

  // Also those that are hidden, in order.
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  std::string path_;
};

inline std::string Contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// "trace.warts" of the newer daemon.
inline std::string RecordingPath(const std::string& name) {
  return std::string(SCAMPER_TESTDATA) + "/records/scamper-20260420/" + name;
}
inline std::string Recording(const std::string& name) { return Contents(RecordingPath(name)); }

inline std::string Gzipped(const std::string& bytes) {
  std::string zipped;
  auto sink = io::Compress(io::Compression::kGzip, std::make_unique<io::StringSink>(&zipped));
  EXPECT_TRUE(sink->Write(bytes).ok() && sink->Close().ok());
  return zipped;
}

}  // namespace scamper::cli
