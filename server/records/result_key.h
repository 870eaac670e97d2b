// SPDX-License-Identifier: Apache-2.0
// What ties a result to the task that asked for it, where the daemon does not say.
#pragma once

#include <string>

#include "scamper/v1/record.pb.h"
#include "scamper/v1/task.pb.h"

namespace scamper::records {

// Equal for a measurement and its results: made of type, userid and destinations, in any spelling.
// scamper does tasks to one destination one after the other, so among those of one key the first
// is done first. DNS queries and captures can run side by side; their keys have all that was asked
// for (of queries not the userid, which old daemons do not record), so that results of one key are
// results of the same request.
//
// A query that leaves the server to scamper has the key without one; see ResultIdentity. Keys of
// records need the first parameter block only; of alias resolutions also the block of the technique
// and the definitions.
std::string ResultKey(const v1::TraceParameters& trace);
std::string ResultKey(const v1::Trace& trace);
std::string ResultKey(const v1::PingParameters& ping);
std::string ResultKey(const v1::Ping& ping);
std::string ResultKey(const v1::TracelbParameters& tracelb);
std::string ResultKey(const v1::Tracelb& tracelb);
std::string ResultKey(const v1::MercatorParameters& mercator);
std::string ResultKey(const v1::AllyParameters& ally);
std::string ResultKey(const v1::RadargunParameters& radargun);
std::string ResultKey(const v1::PrefixscanParameters& prefixscan);
std::string ResultKey(const v1::BumpParameters& bump);
std::string ResultKey(const v1::MidarestParameters& midarest);
std::string ResultKey(const v1::MidardiscParameters& midardisc);
std::string ResultKey(const v1::Dealias& dealias);
std::string ResultKey(const v1::NeighbourdiscParameters& neighbourdisc);
std::string ResultKey(const v1::Neighbourdisc& neighbourdisc);
std::string ResultKey(const v1::TbitParameters& tbit);
std::string ResultKey(const v1::Tbit& tbit);
std::string ResultKey(const v1::SniffParameters& sniff);
std::string ResultKey(const v1::Sniff& sniff);
std::string ResultKey(const v1::DnsParameters& dns);
// What equal queries have in common, whatever server they ask.
std::string QueryKey(const v1::DnsParameters& dns);
std::string ResultKey(const v1::Host& host);
std::string ResultKeyWithoutServer(const v1::Host& host);
std::string ResultKey(const v1::HttpParameters& http);
std::string ResultKey(const v1::Http& http);
std::string ResultKey(const v1::UdpprobeParameters& udpprobe);
std::string ResultKey(const v1::Udpprobe& udpprobe);
std::string ResultKey(const v1::OwampParameters& owamp);
std::string ResultKey(const v1::Owamp& owamp);

}  // namespace scamper::records
