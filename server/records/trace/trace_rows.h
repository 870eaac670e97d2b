// SPDX-License-Identifier: Apache-2.0
// The parameter blocks of a trace. Of use to trace_warts.cc only.
#pragma once

#include "scamper/v1/trace.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

inline constexpr warts::Row<v1::Trace> kTraceRows[] = {
    WARTS_NUMBER(v1::Trace, 1, warts::U32, list_id),
    WARTS_NUMBER(v1::Trace, 2, warts::U32, cycle_id),
    WARTS_FILE_ADDRESS(v1::Trace, 3, src),
    WARTS_FILE_ADDRESS(v1::Trace, 4, dst),
    WARTS_OBJECT(v1::Trace, 5, warts::Tv, start),
    WARTS_NUMBER(v1::Trace, 6, warts::U8, stop_reason),
    WARTS_NUMBER(v1::Trace, 7, warts::U8, stop_data),
    warts::SplitFlags<v1::Trace, 8, 32>::kLow,
    WARTS_NUMBER(v1::Trace, 9, warts::U8, attempts),
    WARTS_NUMBER(v1::Trace, 10, warts::U8, hoplimit),
    WARTS_NUMBER(v1::Trace, 11, warts::U8, method),
    WARTS_NUMBER(v1::Trace, 12, warts::U16, probe_size),
    WARTS_NUMBER(v1::Trace, 13, warts::U16, sport),
    WARTS_NUMBER(v1::Trace, 14, warts::U16, dport),
    WARTS_NUMBER(v1::Trace, 15, warts::U8, firsthop),
    WARTS_NUMBER(v1::Trace, 16, warts::U8, tos),
    WARTS_OBJECT(v1::Trace, 17, warts::Seconds8, wait_timeout),
    WARTS_NUMBER(v1::Trace, 18, warts::U8, loops),
    WARTS_NUMBER(v1::Trace, 19, warts::U16, hop_count),
    WARTS_NUMBER(v1::Trace, 20, warts::U8, gaplimit),
    WARTS_NUMBER(v1::Trace, 21, warts::U8, gapaction),
    WARTS_NUMBER(v1::Trace, 22, warts::U8, loopaction),
    WARTS_NUMBER(v1::Trace, 23, warts::U16, probe_count),
    WARTS_OBJECT(v1::Trace, 24, warts::Centiseconds8, wait_probe),
    WARTS_NUMBER(v1::Trace, 25, warts::U8, confidence),
    WARTS_OBJECT(v1::Trace, 26, warts::Addr, src),
    WARTS_OBJECT(v1::Trace, 27, warts::Addr, dst),
    WARTS_NUMBER(v1::Trace, 28, warts::U32, userid),
    WARTS_NUMBER(v1::Trace, 29, warts::U16, offset),
    WARTS_OBJECT(v1::Trace, 30, warts::AddrStatic, rtr),
    WARTS_NUMBER(v1::Trace, 31, warts::U8, squeries),
    warts::SplitFlags<v1::Trace, 8, 32>::kWide,
    WARTS_NUMBER(v1::Trace, 33, warts::U8, stop_hop),
    WARTS_TEXT(v1::Trace, 34, errmsg),
};

// The format has no form for an extension without objects.
inline bool HasIcmpExts(const v1::TraceHop& hop, warts::FlagSet) {
  return hop.icmp_exts_size() > 0;
}

inline constexpr warts::Row<v1::TraceHop> kTraceHopRows[] = {
    WARTS_FILE_ADDRESS(v1::TraceHop, 1, src),
    WARTS_NUMBER(v1::TraceHop, 2, warts::U8, probe_ttl),
    WARTS_NUMBER(v1::TraceHop, 3, warts::U8, reply_ttl),
    WARTS_NUMBER(v1::TraceHop, 4, warts::U8, flags),
    WARTS_NUMBER(v1::TraceHop, 5, warts::U8, probe_id),
    WARTS_OBJECT(v1::TraceHop, 6, warts::Us32, rtt),
    WARTS_OBJECT(v1::TraceHop, 7, warts::IcmpTypeCode, icmp),
    WARTS_NUMBER(v1::TraceHop, 8, warts::U16, probe_size),
    WARTS_NUMBER(v1::TraceHop, 9, warts::U16, reply_size),
    WARTS_NUMBER(v1::TraceHop, 10, warts::U16, reply_ipid),
    WARTS_NUMBER(v1::TraceHop, 11, warts::U8, reply_tos),
    WARTS_NUMBER(v1::TraceHop, 12, warts::U16, icmp_nhmtu),
    WARTS_NUMBER(v1::TraceHop, 13, warts::U16, icmp_q_ipl),
    WARTS_NUMBER(v1::TraceHop, 14, warts::U8, icmp_q_ttl),
    WARTS_NUMBER(v1::TraceHop, 15, warts::U8, tcp_flags),
    WARTS_NUMBER(v1::TraceHop, 16, warts::U8, icmp_q_tos),
    WARTS_OBJECT_IF(v1::TraceHop, 17, warts::IcmpExts, icmp_exts, HasIcmpExts),
    WARTS_OBJECT(v1::TraceHop, 18, warts::Addr, src),
    WARTS_OBJECT(v1::TraceHop, 19, warts::Tv, tx),
    WARTS_TEXT(v1::TraceHop, 20, name),
};

// notes: their number, at most 255; what is in them follows the hops.
inline bool HasNoteCount(const v1::TracePmtud& pmtud, warts::FlagSet kept) {
  return pmtud.notes_size() > 0 || (kept & warts::Bit(5)) != 0;
}
inline bool ReadNoteCount(warts::Cursor& c, warts::ReadState& s, v1::TracePmtud* pmtud) {
  uint32_t count = 0;
  if (!warts::U8::Read(c, s, &count)) return false;
  for (uint32_t i = 0; i < count; ++i) pmtud->add_notes();
  return true;
}
inline bool WriteNoteCount(const v1::TracePmtud& pmtud, warts::Writer& w, warts::WriteState& s) {
  if (pmtud.notes_size() > 255) return s.Fail("must be at most 255");
  w.U8(static_cast<uint32_t>(pmtud.notes_size()));
  return true;
}

inline constexpr warts::Row<v1::TracePmtud> kTracePmtudRows[] = {
    WARTS_NUMBER(v1::TracePmtud, 1, warts::U16, if_mtu),
    WARTS_NUMBER(v1::TracePmtud, 2, warts::U16, path_mtu),
    WARTS_NUMBER(v1::TracePmtud, 3, warts::U16, out_mtu),
    WARTS_NUMBER(v1::TracePmtud, 4, warts::U8, version),
    {5, "notes", HasNoteCount, ReadNoteCount, WriteNoteCount},
};

inline constexpr warts::Row<v1::TracePmtudNote> kTracePmtudNoteRows[] = {
    WARTS_NUMBER(v1::TracePmtudNote, 1, warts::U8, type),
    WARTS_NUMBER(v1::TracePmtudNote, 2, warts::U16, nhmtu),
    WARTS_NUMBER(v1::TracePmtudNote, 3, warts::U16, hop),
};

inline constexpr warts::Row<v1::TraceDoubletree> kTraceDoubletreeRows[] = {
    WARTS_FILE_ADDRESS(v1::TraceDoubletree, 1, lss_stop),
    WARTS_FILE_ADDRESS(v1::TraceDoubletree, 2, gss_stop),
    WARTS_NUMBER(v1::TraceDoubletree, 3, warts::U8, firsthop),
    WARTS_OBJECT(v1::TraceDoubletree, 4, warts::Addr, lss_stop),
    WARTS_OBJECT(v1::TraceDoubletree, 5, warts::Addr, gss_stop),
    WARTS_TEXT(v1::TraceDoubletree, 6, lss),
    WARTS_NUMBER(v1::TraceDoubletree, 7, warts::U8, flags),
};

}  // namespace scamper::records
