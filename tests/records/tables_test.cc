// SPDX-License-Identifier: Apache-2.0
// The tables of the parameter blocks against the messages' descriptors.
#include <set>
#include <span>
#include <string>

#include "gtest/gtest.h"
#include "scamper/v1/ping.pb.h"
#include "scamper/v1/trace.pb.h"
#include "server/records/dealias/dealias_techniques.h"
#include "server/records/dealias/dealias_warts.h"
#include "server/records/host/host_warts.h"
#include "server/records/http/http_warts.h"
#include "server/records/neighbourdisc/neighbourdisc_warts.h"
#include "server/records/owamp/owamp_warts.h"
#include "server/records/ping/ping_warts.h"
#include "server/records/sniff/sniff_warts.h"
#include "server/records/sting/sting_warts.h"
#include "server/records/tbit/tbit_warts.h"
#include "server/records/trace/trace_warts.h"
#include "server/records/tracelb/tracelb_warts.h"
#include "server/records/udpprobe/udpprobe_warts.h"

namespace scamper::records {
namespace {

// Fields below this number are those of the format; the number is the flag.
constexpr int kFirstOther = 40;

template <typename M>
void ExpectComplete(std::span<const warts::Row<M>> rows) {
  const google::protobuf::Descriptor* descriptor = M::descriptor();
  std::set<std::string> named;
  int last = 0;
  for (const warts::Row<M>& row : rows) {
    EXPECT_GT(row.flag, last) << descriptor->name() << " flags must ascend";
    last = row.flag;
    EXPECT_NE(descriptor->FindFieldByName(row.name), nullptr)
        << descriptor->name() << " has no " << row.name;
    const auto* field = descriptor->FindFieldByNumber(row.flag);
    if (field != nullptr && field->number() < kFirstOther) {
      EXPECT_EQ(field->name(), row.name);
    }
    if (field != nullptr) named.insert(row.name);
  }
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* field = descriptor->field(i);
    if (field->number() < kFirstOther) {
      EXPECT_TRUE(named.contains(field->name()))
          << descriptor->name() << "." << field->name() << " has no row";
    }
  }
}

TEST(TablesTest, EveryRecordedFieldHasARowUnderItsNumber) {
  ExpectComplete(PingRows());
  ExpectComplete(PingReplyRows());
  ExpectComplete(TraceRows());
  ExpectComplete(TraceHopRows());
  ExpectComplete(TracePmtudRows());
  ExpectComplete(TracePmtudNoteRows());
  ExpectComplete(TraceDoubletreeRows());
  ExpectComplete(TracelbRows());
  ExpectComplete(TracelbNodeRows());
  ExpectComplete(TracelbLinkRows());
  ExpectComplete(TracelbProbesetRows());
  ExpectComplete(TracelbProbeRows());
  ExpectComplete(TracelbReplyRows());
  ExpectComplete(DealiasRows());
  ExpectComplete(TechniqueRows(v1::DealiasMercator()));
  ExpectComplete(TechniqueRows(v1::DealiasAlly()));
  ExpectComplete(TechniqueRows(v1::DealiasRadargun()));
  ExpectComplete(TechniqueRows(v1::DealiasPrefixscan()));
  ExpectComplete(TechniqueRows(v1::DealiasBump()));
  ExpectComplete(TechniqueRows(v1::DealiasMidarest()));
  ExpectComplete(TechniqueRows(v1::DealiasMidardisc()));
  ExpectComplete(DealiasProbedefRows());
  ExpectComplete(DealiasProbeRows());
  ExpectComplete(DealiasReplyRows());
  ExpectComplete(NeighbourdiscRows());
  ExpectComplete(NeighbourdiscProbeRows());
  ExpectComplete(NeighbourdiscReplyRows());
  ExpectComplete(TbitRows());
  ExpectComplete(TbitPacketRows());
  ExpectComplete(TbitPmtudRows());
  ExpectComplete(TbitNullRows());
  ExpectComplete(TbitIcwRows());
  ExpectComplete(TbitBlindRows());
  ExpectComplete(TbitHttpRows());
  ExpectComplete(TbitBgpRows());
  ExpectComplete(StingRows());
  ExpectComplete(StingPacketRows());
  ExpectComplete(HostRows());
  ExpectComplete(HostQueryRows());
  ExpectComplete(HostRrRows());
  ExpectComplete(HostSoaRows());
  ExpectComplete(HostMxRows());
  ExpectComplete(HostTxtRows());
  ExpectComplete(HostOptRows());
  ExpectComplete(HostSvcbRows());
  ExpectComplete(HttpRows());
  ExpectComplete(HttpBufRows());
  ExpectComplete(OwampRows());
  ExpectComplete(OwampScheduleRows());
  ExpectComplete(OwampTxRows());
  ExpectComplete(OwampRxRows());
  ExpectComplete(SniffRows());
  ExpectComplete(SniffPktRows());
  ExpectComplete(UdpprobeRows());
  ExpectComplete(UdpprobeProbeRows());
  ExpectComplete(UdpprobeReplyRows());
}

}  // namespace
}  // namespace scamper::records
