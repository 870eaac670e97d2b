// SPDX-License-Identifier: Apache-2.0
#include "server/records/udpprobe/udpprobe_summary.h"

#include "server/records/time_difference.h"

namespace scamper::records {

void SummarizeUdpprobe(v1::Udpprobe* udpprobe) {
  uint32_t replies = 0;
  for (int i = 0; i < udpprobe->probes_size(); ++i) {
    v1::UdpprobeProbe* probe = udpprobe->mutable_probes(i);
    v1::UdpprobeProbeSummary* out = probe->mutable_summary();
    out->Clear();
    *out->mutable_tx() = i == 0 ? udpprobe->start() : probe->tx();
    out->set_sport(i == 0 ? udpprobe->sport() : probe->sport());
    for (v1::UdpprobeReply& reply : *probe->mutable_replies()) {
      reply.clear_summary();
      SetDifference(reply.rx(), out->tx(), reply.mutable_summary()->mutable_rtt());
      ++replies;
    }
  }
  udpprobe->clear_summary();
  udpprobe->mutable_summary()->set_replyc(replies);
}

}  // namespace scamper::records
