// SPDX-License-Identifier: Apache-2.0
// ICMP extensions in JSON.
#pragma once

#include <string>

#include "scamper/v1/common.pb.h"

namespace scamper::records {

// ,"icmpext":[...], or nothing where there are none.
void JsonIcmpExts(const google::protobuf::RepeatedPtrField<v1::IcmpExtension>& exts,
                  std::string* out);

}  // namespace scamper::records
