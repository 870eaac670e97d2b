// SPDX-License-Identifier: Apache-2.0
// What is in a result file.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/files/open_records.h"
#include "server/io/byte_source.h"

namespace scamper::cli {

// What measurements are recorded under. Each distinct one of a file is there once, whatever
// numbers the file gives its lists and cycles.
struct VantagePoint {
  // Of the list; empty where it has none.
  std::string monitor;
  // Of the cycle; empty where it has none.
  std::string hostname;
  std::optional<uint32_t> list_id;
  std::string list_name;
  std::optional<uint32_t> cycle_id;
  std::optional<absl::Time> cycle_start;

  bool operator<(const VantagePoint& other) const {
    const auto tied = [](const VantagePoint& p) {
      return std::tie(p.monitor, p.hostname, p.list_id, p.list_name, p.cycle_id, p.cycle_start);
    };
    return tied(*this) < tied(other);
  }
};

struct VantagePointUse {
  // Of the cycle, where the file says.
  std::optional<absl::Time> cycle_stop;
  // Measurements.
  uint64_t records = 0;
};

struct FileInfo {
  // Nothing where it could not be told, or no record is in it.
  std::optional<files::InputKind> kind;
  io::Compression compression = io::Compression::kNone;
  // Bytes that were read.
  uint64_t size = 0;
  // Bytes up to the end of the last record or damage; nothing where records have no place in the
  // file.
  std::optional<uint64_t> decompressed;
  uint64_t records = 0;
  std::map<uint32_t, uint64_t> records_by_type;
  // The earliest and the latest start of a measurement; nothing where none says.
  std::optional<absl::Time> first;
  std::optional<absl::Time> last;
  std::map<VantagePoint, VantagePointUse> vantage_points;
  // What recovery left out: the first kMaxRegions of it, and how much it is.
  static constexpr size_t kMaxRegions = 1000;
  std::vector<files::SkippedRegion> damage;
  uint64_t regions = 0;
  uint64_t bytes_left_out = 0;
  // What ended the reading, where that was not the end of the file.
  absl::Status error;
};

// Reads all of `source`, with recovery. Memory: that of reading, and the vantage points.
FileInfo Survey(std::unique_ptr<io::ByteSource> source, files::InputKind kind);

// For people, some lines below the name; see the test for what it looks like.
std::string InfoText(const std::string& name, const FileInfo& info);

// One JSON object, without newline. Members that the file does not tell are left out.
std::string InfoJson(const std::string& name, const FileInfo& info);

}  // namespace scamper::cli
