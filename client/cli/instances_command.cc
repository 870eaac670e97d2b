// SPDX-License-Identifier: Apache-2.0
#include "client/cli/instances_command.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/flags_from_proto.h"
#include "client/cli/json_output.h"
#include "client/cli/text_table.h"

namespace scamper::cli {
namespace {

using Stub = v1::ScamperControl::Stub;

std::string State(v1::InstanceState state) {
  const auto* value = v1::InstanceState_descriptor()->FindValueByNumber(state);
  return value == nullptr ? absl::StrCat(static_cast<int>(state)) : EnumText(value);
}

std::string ListName(const v1::List& list) {
  if (list.has_name()) return list.name();
  return list.has_id() ? absl::StrCat(list.id()) : "";
}

// With a word behind it where the daemon was not asked.
std::string Version(const v1::Instance& i) {
  switch (i.version_source()) {
    case v1::VERSION_SOURCE_CONFIGURED:
      return absl::StrCat(i.version(), " (told)");
    case v1::VERSION_SOURCE_LEARNT:
      return absl::StrCat(i.version(), " (learnt)");
    default:
      return i.version();
  }
}

std::string MonitorName(const v1::Instance& i) {
  return i.has_monitor_name() ? i.monitor_name() : i.vantage_point().monitor_name();
}

std::string Asns(const v1::VantagePoint& vp) {
  std::string asns = vp.has_asn4() ? absl::StrCat(vp.asn4()) : "";
  if (!vp.has_asn6() || (vp.has_asn4() && vp.asn6() == vp.asn4())) return asns;
  return absl::StrCat(asns, asns.empty() ? "" : ",", vp.asn6());
}

std::string Where(const v1::VantagePoint& vp) {
  std::vector<std::string> words;
  for (const std::string* word : {&vp.country(), &vp.region(), &vp.place()}) {
    if (!word->empty()) words.push_back(*word);
  }
  return absl::StrJoin(words, " ");
}

struct Column {
  const char* title;
  std::string (*text)(const v1::Instance&);
  // Left out where all rows are empty.
  bool optional = false;
};

constexpr Column kColumns[] = {
    {"NAME", [](const v1::Instance& i) { return i.name(); }},
    {"STATE", [](const v1::Instance& i) { return State(i.state()); }},
    {"VERSION", Version},
    {"PPS", [](const v1::Instance& i) { return i.has_pps() ? absl::StrCat(i.pps()) : ""; }},
    {"MONITOR", MonitorName},
    {"ASN", [](const v1::Instance& i) { return Asns(i.vantage_point()); }, true},
    {"WHERE", [](const v1::Instance& i) { return Where(i.vantage_point()); }, true},
    {"TAGS", [](const v1::Instance& i) { return absl::StrJoin(i.vantage_point().tags(), ","); },
     true},
    {"LIST", [](const v1::Instance& i) { return ListName(i.list()); }},
    {"CYCLE",
     [](const v1::Instance& i) { return i.cycle().has_id() ? absl::StrCat(i.cycle().id()) : ""; }},
    {"OUTSTANDING", [](const v1::Instance& i) { return absl::StrCat(i.outstanding()); }},
    {"ENDPOINT", [](const v1::Instance& i) { return i.endpoint(); }},
    {"ERROR", [](const v1::Instance& i) { return i.error(); }},
};

std::string SourcesTable(const v1::ListInstancesResponse& response) {
  std::vector<TableRow> rows = {{"SOURCE", "VPS", "ENDPOINT", "ERROR"}};
  for (const v1::InstanceSource& source : response.sources()) {
    rows.push_back(
        {source.name(), absl::StrCat(source.vantage_points()), source.endpoint(), source.error()});
  }
  return TextTable(std::move(rows));
}

ExitCode Failed(const Connection& connection, const grpc::Status& status, const Console& console) {
  for (const std::string& line : connection.Explain(status, {})) {
    console.err << "scamper-grpc: " << line << '\n';
  }
  return ExitCodeOf(status);
}

}  // namespace

std::string InstancesTable(const v1::ListInstancesResponse& response) {
  const auto& all = response.instances();
  std::vector<TableRow> rows(static_cast<size_t>(all.size()) + 1);
  for (const Column& column : kColumns) {
    const auto empty = [&](const v1::Instance& i) { return column.text(i).empty(); };
    if (column.optional && std::all_of(all.begin(), all.end(), empty)) continue;
    rows[0].push_back(column.title);
    for (int i = 0; i < all.size(); ++i) {
      rows[static_cast<size_t>(i) + 1].push_back(column.text(all[i]));
    }
  }
  return TextTable(std::move(rows));
}

ExitCode RunInstancesCommand(Connection& connection, const InstancesOptions& options,
                             const Console& console) {
  v1::ListInstancesRequest request;
  request.set_instance_filter(options.filter);
  v1::ListInstancesResponse response;
  const grpc::Status status =
      connection.Call(connection.stub(), &Stub::ListInstances, request, &response);
  if (!status.ok()) return Failed(connection, status, console);
  if (options.common.json) {
    for (const v1::Instance& i : response.instances()) console.out << ToJsonLine(i) << '\n';
  } else {
    console.out << InstancesTable(response);
    if (response.sources_size() > 0) console.out << '\n' << SourcesTable(response);
  }
  console.out << std::flush;
  return console.out.good() ? kSuccess : kTaskFailed;
}

ExitCode RunAttachCommand(Connection& connection, const AttachOptions& options,
                          const Console& console) {
  v1::AttachInstanceRequest request;
  request.set_endpoint(options.endpoint);
  request.set_name(options.name);
  request.set_version(options.version);
  v1::AttachInstanceResponse response;
  const grpc::Status status =
      connection.Call(connection.stub(), &Stub::AttachInstance, request, &response);
  if (!status.ok()) return Failed(connection, status, console);
  console.out << response.name() << std::endl;
  return console.out.good() ? kSuccess : kTaskFailed;
}

ExitCode RunDetachCommand(Connection& connection, const DetachOptions& options,
                          const Console& console) {
  v1::DetachInstanceRequest request;
  request.set_name(options.name);
  v1::DetachInstanceResponse response;
  const grpc::Status status =
      connection.Call(connection.stub(), &Stub::DetachInstance, request, &response);
  return status.ok() ? kSuccess : Failed(connection, status, console);
}

}  // namespace scamper::cli
