// SPDX-License-Identifier: Apache-2.0
// The dealias command of scamper, a pair of functions for each technique. Stateless, safe to use
// from any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scamper/v1/dealias.pb.h"
#include "server/records/command.h"
#include "server/records/probing.h"

namespace scamper::records {

// The first version that can do midarest and midardisc.
inline constexpr int kMidarSince = 20240117;

// Validate...: every violation of the parameters' rules that does not depend on the daemon's
// version; paths begin with the technique, e.g. "ally.".
//
// ...Command: the command line: technique, probe definitions, other options in the order of the
// message's fields, addresses. `version` and errors as in Command() of registry.h.
// REQUIRES: Validate... found nothing.
//
// ...Probing: what the measurement does to the network. REQUIRES: Validate... found nothing.
std::vector<FieldViolation> ValidateMercator(const v1::MercatorParameters& mercator);
absl::StatusOr<std::string> MercatorCommand(const v1::MercatorParameters& mercator, int version);
Probing MercatorProbing(const v1::MercatorParameters& mercator);

std::vector<FieldViolation> ValidateAlly(const v1::AllyParameters& ally);
absl::StatusOr<std::string> AllyCommand(const v1::AllyParameters& ally, int version);
Probing AllyProbing(const v1::AllyParameters& ally);

std::vector<FieldViolation> ValidateRadargun(const v1::RadargunParameters& radargun);
absl::StatusOr<std::string> RadargunCommand(const v1::RadargunParameters& radargun, int version);
Probing RadargunProbing(const v1::RadargunParameters& radargun);

std::vector<FieldViolation> ValidatePrefixscan(const v1::PrefixscanParameters& prefixscan);
absl::StatusOr<std::string> PrefixscanCommand(const v1::PrefixscanParameters& prefixscan,
                                              int version);
Probing PrefixscanProbing(const v1::PrefixscanParameters& prefixscan);

std::vector<FieldViolation> ValidateBump(const v1::BumpParameters& bump);
absl::StatusOr<std::string> BumpCommand(const v1::BumpParameters& bump, int version);
Probing BumpProbing(const v1::BumpParameters& bump);

std::vector<FieldViolation> ValidateMidarest(const v1::MidarestParameters& midarest);
absl::StatusOr<std::string> MidarestCommand(const v1::MidarestParameters& midarest, int version);
Probing MidarestProbing(const v1::MidarestParameters& midarest);

std::vector<FieldViolation> ValidateMidardisc(const v1::MidardiscParameters& midardisc);
absl::StatusOr<std::string> MidardiscCommand(const v1::MidardiscParameters& midardisc, int version);
Probing MidardiscProbing(const v1::MidardiscParameters& midardisc);

}  // namespace scamper::records
