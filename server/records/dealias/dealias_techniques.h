// SPDX-License-Identifier: Apache-2.0
// The tables of the blocks of the seven techniques.
#pragma once

#include <span>

#include "scamper/v1/dealias.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

std::span<const warts::Row<v1::DealiasMercator>> TechniqueRows(const v1::DealiasMercator&);
std::span<const warts::Row<v1::DealiasAlly>> TechniqueRows(const v1::DealiasAlly&);
std::span<const warts::Row<v1::DealiasRadargun>> TechniqueRows(const v1::DealiasRadargun&);
std::span<const warts::Row<v1::DealiasPrefixscan>> TechniqueRows(const v1::DealiasPrefixscan&);
std::span<const warts::Row<v1::DealiasBump>> TechniqueRows(const v1::DealiasBump&);
std::span<const warts::Row<v1::DealiasMidarest>> TechniqueRows(const v1::DealiasMidarest&);
std::span<const warts::Row<v1::DealiasMidardisc>> TechniqueRows(const v1::DealiasMidardisc&);

}  // namespace scamper::records
