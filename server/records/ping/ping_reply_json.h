// SPDX-License-Identifier: Apache-2.0
// One reply of a ping in JSON.
#pragma once

#include <string>

#include "scamper/v1/ping.pb.h"
#include "server/records/json.h"

namespace scamper::records {

// The object of one reply. `probe` is the first reply to the same probe, which has
// what is known of the probe.
void AppendPingReplyJson(const v1::Ping& ping, const v1::PingReply& reply,
                         const v1::PingReply& probe, const JsonContext& context, std::string* out);

}  // namespace scamper::records
