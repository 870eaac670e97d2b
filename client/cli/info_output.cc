// SPDX-License-Identifier: Apache-2.0
// The two forms of FileInfo.
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/file_info.h"
#include "client/cli/record_types.h"
#include "client/cli/text_table.h"
#include "server/records/json_text.h"

namespace scamper::cli {
namespace {

// "1,234,567"
std::string Grouped(uint64_t number) {
  std::string digits = absl::StrCat(number);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string Plural(uint64_t count, const char* word) {
  return absl::StrCat(Grouped(count), " ", word, count == 1 ? "" : "s");
}

const char* KindName(files::InputKind kind) {
  return kind == files::InputKind::kArts ? "arts" : "warts";
}

const char* CompressionName(io::Compression compression) {
  switch (compression) {
    case io::Compression::kNone:
      return "none";
    case io::Compression::kGzip:
      return "gzip";
    case io::Compression::kBzip2:
      return "bzip2";
    case io::Compression::kXz:
      return "xz";
  }
  return "none";
}

// "1m35s", to the second.
std::string SpanText(absl::Duration span) {
  const absl::Duration whole = absl::Trunc(span, absl::Seconds(1));
  return whole == absl::ZeroDuration() ? "0s" : absl::FormatDuration(whole);
}

// For people, to the second, and without the zone, which is UTC.
std::string TimeText(std::optional<absl::Time> time) {
  return time.has_value() ? absl::FormatTime("%Y-%m-%d %H:%M:%S", *time, absl::UTCTimeZone()) : "";
}

std::string Indented(const std::string& lines, size_t indent) {
  std::string indented;
  for (absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    absl::StrAppend(&indented, std::string(indent, ' '), line, "\n");
  }
  return indented;
}

// Names come from the file: nothing in them may control the terminal.
std::string Printable(std::string name) {
  for (char& c : name) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = '?';
  }
  return name;
}

std::string ListText(const VantagePoint& point) {
  std::string name = Printable(point.list_name);
  if (!point.list_id.has_value()) return name;
  return name.empty() ? absl::StrCat(*point.list_id)
                      : absl::StrCat(name, " (", *point.list_id, ")");
}

std::string VantagePointsTable(const FileInfo& info) {
  std::vector<TableRow> rows = {{"MONITOR", "HOST", "LIST", "CYCLE", "START", "STOP", "RECORDS"}};
  for (const auto& [point, use] : info.vantage_points) {
    rows.push_back({Printable(point.monitor), Printable(point.hostname), ListText(point),
                    point.cycle_id.has_value() ? absl::StrCat(*point.cycle_id) : "",
                    TimeText(point.cycle_start), TimeText(use.cycle_stop), Grouped(use.records)});
  }
  return TextTable(std::move(rows));
}

std::string DamageLines(const FileInfo& info) {
  std::string lines;
  for (const files::SkippedRegion& region : info.damage) {
    absl::StrAppend(&lines, Grouped(region.length), region.length == 1 ? " byte" : " bytes",
                    " at byte ", region.offset, ": ", region.why, "\n");
  }
  if (info.regions > info.damage.size()) {
    absl::StrAppend(&lines, "and ", Plural(info.regions - info.damage.size(), "region"), " more\n");
  }
  return lines;
}

// Contents escaped, with the quotes.
std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  records::JsonEscaped(text, false, text.size(), &quoted);
  return quoted + "\"";
}

// One JSON object, member by member.
class JsonObject {
 public:
  void Raw(absl::string_view key, absl::string_view value) {
    absl::StrAppend(&text_, text_.empty() ? "{" : ", ", Quoted(key), ": ", value);
  }
  void Text(absl::string_view key, absl::string_view value) { Raw(key, Quoted(value)); }
  void Number(absl::string_view key, uint64_t value) { Raw(key, absl::StrCat(value)); }
  void Time(absl::string_view key, std::optional<absl::Time> time) {
    if (!time.has_value()) return;
    Text(key, absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", *time, absl::UTCTimeZone()));
  }
  std::string End() const { return text_.empty() ? "{}" : text_ + "}"; }

 private:
  std::string text_;
};

std::string Array(const std::vector<std::string>& items) {
  return absl::StrCat("[", absl::StrJoin(items, ", "), "]");
}

std::string VantagePointJson(const VantagePoint& point, const VantagePointUse& use) {
  JsonObject object;
  if (!point.monitor.empty()) object.Text("monitor", point.monitor);
  if (!point.hostname.empty()) object.Text("hostname", point.hostname);
  if (point.list_id.has_value()) object.Number("list_id", *point.list_id);
  if (!point.list_name.empty()) object.Text("list_name", point.list_name);
  if (point.cycle_id.has_value()) object.Number("cycle_id", *point.cycle_id);
  object.Time("cycle_start", point.cycle_start);
  object.Time("cycle_stop", use.cycle_stop);
  object.Number("records", use.records);
  return object.End();
}

std::string RegionJson(const files::SkippedRegion& region) {
  JsonObject object;
  object.Number("offset", region.offset);
  object.Number("length", region.length);
  object.Text("reason", region.why);
  return object.End();
}

}  // namespace

std::string InfoText(const std::string& name, const FileInfo& info) {
  std::string text = absl::StrCat(name, "\n");
  const bool compressed = info.compression != io::Compression::kNone;
  absl::StrAppend(&text, "  kind            ",
                  info.kind.has_value() ? KindName(*info.kind) : "not known",
                  compressed ? absl::StrCat(", ", CompressionName(info.compression)) : "", "\n");
  absl::StrAppend(&text, "  size            ", Plural(info.size, "byte"));
  if (compressed && info.decompressed.has_value()) {
    absl::StrAppend(&text, ", ", Grouped(*info.decompressed), " decompressed");
  }
  absl::StrAppend(&text, "\n  records         ", Grouped(info.records), "\n");
  std::vector<TableRow> types;
  for (const auto& [type, count] : info.records_by_type) {
    types.push_back({RecordTypeName(type), Grouped(count)});
  }
  absl::StrAppend(&text, Indented(TextTable(std::move(types)), 4));
  if (info.first.has_value()) {
    absl::StrAppend(&text, "  time            ", TimeText(info.first), " to ", TimeText(info.last),
                    " UTC (", SpanText(*info.last - *info.first), ")\n");
  }
  if (!info.vantage_points.empty()) {
    absl::StrAppend(&text, "  vantage points\n", Indented(VantagePointsTable(info), 4));
  }
  absl::StrAppend(&text, "  damage          ",
                  info.regions == 0 ? "none"
                                    : absl::StrCat(Plural(info.regions, "region"), ", ",
                                                   Plural(info.bytes_left_out, "byte")),
                  "\n", Indented(DamageLines(info), 4));
  if (!info.error.ok()) {
    absl::StrAppend(&text, "  error           ", std::string(info.error.message()), "\n");
  }
  return text;
}

std::string InfoJson(const std::string& name, const FileInfo& info) {
  JsonObject object;
  object.Text("file", name);
  if (info.kind.has_value()) object.Text("kind", KindName(*info.kind));
  object.Text("compression", CompressionName(info.compression));
  object.Number("size", info.size);
  if (info.decompressed.has_value()) object.Number("decompressed_size", *info.decompressed);
  object.Number("records", info.records);
  JsonObject types;
  for (const auto& [type, count] : info.records_by_type) types.Number(RecordTypeName(type), count);
  object.Raw("records_by_type", types.End());
  object.Time("first", info.first);
  object.Time("last", info.last);
  std::vector<std::string> points;
  for (const auto& [point, use] : info.vantage_points)
    points.push_back(VantagePointJson(point, use));
  object.Raw("vantage_points", Array(points));
  object.Number("damaged_regions", info.regions);
  object.Number("damaged_bytes", info.bytes_left_out);
  std::vector<std::string> regions;
  for (const files::SkippedRegion& region : info.damage) regions.push_back(RegionJson(region));
  object.Raw("damage", Array(regions));
  if (!info.error.ok()) object.Text("error", std::string(info.error.message()));
  return object.End();
}

}  // namespace scamper::cli
