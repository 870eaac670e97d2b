// SPDX-License-Identifier: Apache-2.0
// The recorded control connections in tests/testdata/sessions.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace scamper::control {

// Their paths without ".session.json" and ".warts", e.g. ".../scamper-20260420/ping".
inline std::vector<std::string> GoldenSessions() {
  constexpr char kSuffix[] = ".session.json";
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(SCAMPER_TESTDATA "/sessions")) {
    std::string path = entry.path().string();
    const size_t at = path.rfind(kSuffix);
    if (at != std::string::npos) paths.push_back(path.substr(0, at));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

// A test name: "scamper_20260420_ping".
inline std::string GoldenName(const std::string& path) {
  const std::filesystem::path p(path);
  std::string name = p.parent_path().filename().string() + "_" + p.filename().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace scamper::control
