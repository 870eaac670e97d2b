// SPDX-License-Identifier: Apache-2.0
// Recorded files for tests of records.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "scamper/v1/record.pb.h"
#include "server/base/hex.h"
#include "server/records/registry.h"
#include "server/warts/header.h"

namespace scamper::records {

// The daemons whose recordings are there.
inline constexpr const char* kVersions[] = {"20211212", "20260420"};

// The recordings by daemon and type.
struct Recording {
  const char* version;
  const char* type;
};
inline constexpr Recording kRecordings[] = {
    {"20211212", "ping"},    {"20260420", "ping"},    {"20211212", "trace"},
    {"20260420", "trace"},   {"20211212", "tracelb"}, {"20260420", "tracelb"},
    {"20211212", "host"},    {"20260420", "host"},    {"20260420", "udpprobe"},
    {"20260420", "http"},    {"20260420", "sniff"},   {"20211212", "dealias"},
    {"20260420", "dealias"}, {"20260420", "tbit"},    {"20260420", "neighbourdisc"},
};

inline std::string ReadTestFile(const std::string& path) {
  std::ifstream in(absl::StrCat(SCAMPER_TESTDATA, "/records/", path), std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// `name` is e.g. "ping.txt".
inline std::string ReadRecording(const std::string& version, const std::string& name) {
  return ReadTestFile(absl::StrCat("scamper-", version, "/", name));
}

inline std::vector<std::string> SplitRecords(const std::string& file) {
  std::vector<std::string> records;
  size_t at = 0;
  while (at < file.size()) {
    const auto header = warts::ReadHeader(absl::string_view(file).substr(at));
    if (!header) {
      ADD_FAILURE() << "no header at " << at;
      break;
    }
    records.push_back(file.substr(at, warts::kHeaderSize + header->length));
    at += warts::kHeaderSize + header->length;
  }
  return records;
}

// Every record of every recording.
inline std::vector<std::string> AllRecords() {
  std::vector<std::string> all;
  for (const Recording& r : kRecordings) {
    for (std::string& record :
         SplitRecords(ReadRecording(r.version, absl::StrCat(r.type, ".warts")))) {
      all.push_back(std::move(record));
    }
  }
  return all;
}

// Hexadecimal digits, blanks allowed anywhere, as bytes.
inline std::string Bytes(std::string hex) {
  std::erase(hex, ' ');
  std::erase(hex, '\n');
  const auto bytes = base::HexDecode(hex);
  EXPECT_TRUE(bytes) << hex;
  return bytes.value_or("");
}

// A whole record around a body.
inline std::string RecordOf(uint32_t type, const std::string& body) {
  warts::Writer writer;
  warts::WriteHeader({type, static_cast<uint32_t>(body.size())}, writer);
  writer.Bytes(body);
  return std::move(writer).Take();
}

inline v1::Record ReadOk(const std::string& bytes) {
  v1::Record record;
  const absl::Status status = Read(bytes, &record);
  EXPECT_TRUE(status.ok()) << status;
  return record;
}

inline std::string WriteOk(const v1::Record& record) {
  const auto bytes = Write(record);
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return bytes.value_or("");
}

}  // namespace scamper::records
