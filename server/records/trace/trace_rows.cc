// SPDX-License-Identifier: Apache-2.0
#include "server/records/trace/trace_warts.h"

namespace scamper::records {
namespace {

using v1::Trace;
using v1::TraceDoubletree;
using v1::TraceHop;
using v1::TracePmtud;
using v1::TracePmtudNote;
using warts::Addr;
using warts::AddrStatic;
using warts::Cursor;
using warts::FlagSet;
using warts::IcmpTypeCode;
using warts::ReadState;
using warts::Tv;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Us32;
using warts::Writer;
using warts::WriteState;

constexpr warts::Row<Trace> kTraceRows[] = {
    WARTS_NUMBER(Trace, 1, U32, list_id),
    WARTS_NUMBER(Trace, 2, U32, cycle_id),
    WARTS_FILE_ADDRESS(Trace, 3, src),
    WARTS_FILE_ADDRESS(Trace, 4, dst),
    WARTS_OBJECT(Trace, 5, Tv, start),
    WARTS_NUMBER(Trace, 6, U8, stop_reason),
    WARTS_NUMBER(Trace, 7, U8, stop_data),
    warts::SplitFlags<Trace, 8, 32>::kLow,
    WARTS_NUMBER(Trace, 9, U8, attempts),
    WARTS_NUMBER(Trace, 10, U8, hoplimit),
    WARTS_NUMBER(Trace, 11, U8, method),
    WARTS_NUMBER(Trace, 12, U16, probe_size),
    WARTS_NUMBER(Trace, 13, U16, sport),
    WARTS_NUMBER(Trace, 14, U16, dport),
    WARTS_NUMBER(Trace, 15, U8, firsthop),
    WARTS_NUMBER(Trace, 16, U8, tos),
    WARTS_OBJECT(Trace, 17, warts::Seconds8, wait_timeout),
    WARTS_NUMBER(Trace, 18, U8, loops),
    WARTS_NUMBER(Trace, 19, U16, hop_count),
    WARTS_NUMBER(Trace, 20, U8, gaplimit),
    WARTS_NUMBER(Trace, 21, U8, gapaction),
    WARTS_NUMBER(Trace, 22, U8, loopaction),
    WARTS_NUMBER(Trace, 23, U16, probe_count),
    WARTS_OBJECT(Trace, 24, warts::Centiseconds8, wait_probe),
    WARTS_NUMBER(Trace, 25, U8, confidence),
    WARTS_OBJECT(Trace, 26, Addr, src),
    WARTS_OBJECT(Trace, 27, Addr, dst),
    WARTS_NUMBER(Trace, 28, U32, userid),
    WARTS_NUMBER(Trace, 29, U16, offset),
    WARTS_OBJECT(Trace, 30, AddrStatic, rtr),
    WARTS_NUMBER(Trace, 31, U8, squeries),
    warts::SplitFlags<Trace, 8, 32>::kWide,
    WARTS_NUMBER(Trace, 33, U8, stop_hop),
    WARTS_TEXT(Trace, 34, errmsg),
};

// The format has no form for an extension without objects.
bool HasIcmpExts(const TraceHop& hop, FlagSet) { return hop.icmp_exts_size() > 0; }

constexpr warts::Row<TraceHop> kTraceHopRows[] = {
    WARTS_FILE_ADDRESS(TraceHop, 1, src),
    WARTS_NUMBER(TraceHop, 2, U8, probe_ttl),
    WARTS_NUMBER(TraceHop, 3, U8, reply_ttl),
    WARTS_NUMBER(TraceHop, 4, U8, flags),
    WARTS_NUMBER(TraceHop, 5, U8, probe_id),
    WARTS_OBJECT(TraceHop, 6, Us32, rtt),
    WARTS_OBJECT(TraceHop, 7, IcmpTypeCode, icmp),
    WARTS_NUMBER(TraceHop, 8, U16, probe_size),
    WARTS_NUMBER(TraceHop, 9, U16, reply_size),
    WARTS_NUMBER(TraceHop, 10, U16, reply_ipid),
    WARTS_NUMBER(TraceHop, 11, U8, reply_tos),
    WARTS_NUMBER(TraceHop, 12, U16, icmp_nhmtu),
    WARTS_NUMBER(TraceHop, 13, U16, icmp_q_ipl),
    WARTS_NUMBER(TraceHop, 14, U8, icmp_q_ttl),
    WARTS_NUMBER(TraceHop, 15, U8, tcp_flags),
    WARTS_NUMBER(TraceHop, 16, U8, icmp_q_tos),
    WARTS_OBJECT_IF(TraceHop, 17, warts::IcmpExts, icmp_exts, HasIcmpExts),
    WARTS_OBJECT(TraceHop, 18, Addr, src),
    WARTS_OBJECT(TraceHop, 19, Tv, tx),
    WARTS_TEXT(TraceHop, 20, name),
};

// notes: their number, at most 255; what is in them follows the hops.
bool HasNoteCount(const TracePmtud& pmtud, FlagSet kept) {
  return pmtud.notes_size() > 0 || (kept & warts::Bit(5)) != 0;
}
bool ReadNoteCount(Cursor& c, ReadState& s, TracePmtud* pmtud) {
  uint32_t count = 0;
  if (!U8::Read(c, s, &count)) return false;
  for (uint32_t i = 0; i < count; ++i) pmtud->add_notes();
  return true;
}
bool WriteNoteCount(const TracePmtud& pmtud, Writer& w, WriteState& s) {
  if (pmtud.notes_size() > 255) return s.Fail("must be at most 255");
  w.U8(static_cast<uint32_t>(pmtud.notes_size()));
  return true;
}

constexpr warts::Row<TracePmtud> kTracePmtudRows[] = {
    WARTS_NUMBER(TracePmtud, 1, U16, if_mtu),
    WARTS_NUMBER(TracePmtud, 2, U16, path_mtu),
    WARTS_NUMBER(TracePmtud, 3, U16, out_mtu),
    WARTS_NUMBER(TracePmtud, 4, U8, version),
    {5, "notes", HasNoteCount, ReadNoteCount, WriteNoteCount},
};

constexpr warts::Row<TracePmtudNote> kTracePmtudNoteRows[] = {
    WARTS_NUMBER(TracePmtudNote, 1, U8, type),
    WARTS_NUMBER(TracePmtudNote, 2, U16, nhmtu),
    WARTS_NUMBER(TracePmtudNote, 3, U16, hop),
};

constexpr warts::Row<TraceDoubletree> kTraceDoubletreeRows[] = {
    WARTS_FILE_ADDRESS(TraceDoubletree, 1, lss_stop),
    WARTS_FILE_ADDRESS(TraceDoubletree, 2, gss_stop),
    WARTS_NUMBER(TraceDoubletree, 3, U8, firsthop),
    WARTS_OBJECT(TraceDoubletree, 4, Addr, lss_stop),
    WARTS_OBJECT(TraceDoubletree, 5, Addr, gss_stop),
    WARTS_TEXT(TraceDoubletree, 6, lss),
    WARTS_NUMBER(TraceDoubletree, 7, U8, flags),
};

}  // namespace

std::span<const warts::Row<Trace>> TraceRows() { return kTraceRows; }
std::span<const warts::Row<TraceHop>> TraceHopRows() { return kTraceHopRows; }
std::span<const warts::Row<TracePmtud>> TracePmtudRows() { return kTracePmtudRows; }
std::span<const warts::Row<TracePmtudNote>> TracePmtudNoteRows() { return kTracePmtudNoteRows; }
std::span<const warts::Row<TraceDoubletree>> TraceDoubletreeRows() { return kTraceDoubletreeRows; }

}  // namespace scamper::records
