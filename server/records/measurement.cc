// SPDX-License-Identifier: Apache-2.0
// Validate, Command, Key and ProbingOf of registry.h: one row for each kind of measurement.
#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "scamper/v1/task.pb.h"
#include "server/records/command.h"
#include "server/records/dealias/dealias_command.h"
#include "server/records/host/host_command.h"
#include "server/records/http/http_command.h"
#include "server/records/neighbourdisc/neighbourdisc_command.h"
#include "server/records/owamp/owamp_command.h"
#include "server/records/ping/ping_command.h"
#include "server/records/probing.h"
#include "server/records/registry.h"
#include "server/records/result_key.h"
#include "server/records/sniff/sniff_command.h"
#include "server/records/tbit/tbit_command.h"
#include "server/records/trace/trace_command.h"
#include "server/records/tracelb/tracelb_command.h"
#include "server/records/udpprobe/udpprobe_command.h"

namespace scamper::records {
namespace {

struct Row {
  v1::Measurement::KindCase kind;
  // First version of scamper that can do it.
  int since;
  std::vector<FieldViolation> (*validate)(const v1::Measurement&);
  absl::StatusOr<std::string> (*command)(const v1::Measurement&, int version);
  std::string (*key)(const v1::Measurement&);
  Probing (*probing)(const v1::Measurement&);
};

// From the functions of the measurement's parameters.
template <auto parameters, auto validate, auto command, auto probing>
constexpr Row RowOf(v1::Measurement::KindCase kind, int since = 0) {
  return {kind,
          since,
          [](const v1::Measurement& m) { return validate((m.*parameters)()); },
          [](const v1::Measurement& m, int version) { return command((m.*parameters)(), version); },
          [](const v1::Measurement& m) { return ResultKey((m.*parameters)()); },
          [](const v1::Measurement& m) { return probing((m.*parameters)()); }};
}

using M = v1::Measurement;

constexpr Row kRows[] = {
    RowOf<&M::trace, ValidateTrace, TraceCommand, TraceProbing>(M::kTrace),
    RowOf<&M::ping, ValidatePing, PingCommand, PingProbing>(M::kPing),
    RowOf<&M::tracelb, ValidateTracelb, TracelbCommand, TracelbProbing>(M::kTracelb),
    RowOf<&M::neighbourdisc, ValidateNeighbourdisc, NeighbourdiscCommand, NeighbourdiscProbing>(
        M::kNeighbourdisc),
    RowOf<&M::tbit, ValidateTbit, TbitCommand, TbitProbing>(M::kTbit),
    RowOf<&M::sniff, ValidateSniff, SniffCommand, SniffProbing>(M::kSniff),
    RowOf<&M::dns, ValidateDns, DnsCommand, DnsProbing>(M::kDns),
    RowOf<&M::http, ValidateHttp, HttpCommand, HttpProbing>(M::kHttp, kHttpSince),
    RowOf<&M::udpprobe, ValidateUdpprobe, UdpprobeCommand, UdpprobeProbing>(M::kUdpprobe,
                                                                            kUdpprobeSince),
    RowOf<&M::owamp, ValidateOwamp, OwampCommand, OwampProbing>(M::kOwamp, kOwampSince),
    RowOf<&M::mercator, ValidateMercator, MercatorCommand, MercatorProbing>(M::kMercator),
    RowOf<&M::ally, ValidateAlly, AllyCommand, AllyProbing>(M::kAlly),
    RowOf<&M::radargun, ValidateRadargun, RadargunCommand, RadargunProbing>(M::kRadargun),
    RowOf<&M::prefixscan, ValidatePrefixscan, PrefixscanCommand, PrefixscanProbing>(M::kPrefixscan),
    RowOf<&M::bump, ValidateBump, BumpCommand, BumpProbing>(M::kBump),
    RowOf<&M::midarest, ValidateMidarest, MidarestCommand, MidarestProbing>(M::kMidarest,
                                                                            kMidarSince),
    RowOf<&M::midardisc, ValidateMidardisc, MidardiscCommand, MidardiscProbing>(M::kMidardisc,
                                                                                kMidarSince),
};

const Row* Find(const v1::Measurement& measurement) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                 [&](const Row& r) { return r.kind == measurement.kind_case(); });
  return row == std::end(kRows) ? nullptr : row;
}

}  // namespace

std::vector<FieldViolation> Validate(const v1::Measurement& measurement) {
  const Row* row = Find(measurement);
  if (row == nullptr) return {{"kind", "must say what to measure, e.g. ping"}};
  return row->validate(measurement);
}

absl::StatusOr<std::string> Command(const v1::Measurement& measurement, int version) {
  const Row* row = Find(measurement);
  if (row == nullptr) return absl::InternalError("the measurement was not checked");
  return row->command(measurement, version);
}

std::vector<std::string> Capabilities(int version) {
  std::vector<std::string> names;
  for (const Row& row : kRows) {
    if (version < row.since) continue;
    names.push_back(v1::Measurement::descriptor()->FindFieldByNumber(row.kind)->name());
  }
  return names;
}

std::string Key(const v1::Measurement& measurement) {
  const Row* row = Find(measurement);
  return row == nullptr ? "" : row->key(measurement);
}

std::string Exclusion(const v1::Measurement& measurement) {
  return measurement.has_dns() ? QueryKey(measurement.dns()) : "";
}

Probing ProbingOf(const v1::Measurement& measurement) {
  const Row* row = Find(measurement);
  return row == nullptr ? Probing() : row->probing(measurement);
}

}  // namespace scamper::records
