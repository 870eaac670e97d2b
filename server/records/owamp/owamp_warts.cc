// SPDX-License-Identifier: Apache-2.0
#include "server/records/owamp/owamp_warts.h"

#include "server/records/items.h"
#include "server/records/row_kinds.h"

namespace scamper::records {
namespace {

using v1::Owamp;
using v1::OwampRx;
using v1::OwampSchedule;
using v1::OwampTx;
using warts::AddrStatic;
using warts::Cursor;
using warts::ReadState;
using warts::Tv;
using warts::TvDuration;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Writer;
using warts::WriteState;

constexpr warts::Row<Owamp> kOwampRows[] = {
    WARTS_NUMBER(Owamp, 1, U32, list_id),
    WARTS_NUMBER(Owamp, 2, U32, cycle_id),
    WARTS_NUMBER(Owamp, 3, U32, userid),
    WARTS_OBJECT(Owamp, 4, AddrStatic, src),
    WARTS_OBJECT(Owamp, 5, AddrStatic, dst),
    WARTS_NUMBER(Owamp, 6, U16, dport),
    WARTS_NUMBER(Owamp, 7, U16, flags),
    WARTS_OBJECT(Owamp, 8, Tv, start),
    WARTS_OBJECT(Owamp, 9, Tv, start_at),
    WARTS_OBJECT(Owamp, 10, TvDuration, wait_timeout),
    WARTS_NUMBER(Owamp, 11, U32, schedule_count),
    WARTS_NUMBER(Owamp, 12, U32, attempts),
    WARTS_NUMBER(Owamp, 13, U16, pktsize),
    WARTS_ENUM8(Owamp, 14, direction),
    WARTS_NUMBER(Owamp, 15, U8, dscp),
    WARTS_NUMBER(Owamp, 16, U8, ttl),
    WARTS_OBJECT(Owamp, 17, warts::Us32, handshake_rtt),
    WARTS_NUMBER(Owamp, 18, U8, result),
    WARTS_TEXT_OR_BYTES(Owamp, 19, errmsg),
    WARTS_NUMBER(Owamp, 20, U16, udp_sport),
    WARTS_NUMBER(Owamp, 21, U16, udp_dport),
    WARTS_NUMBER(Owamp, 22, U32, tx_count),
};

constexpr warts::Row<OwampSchedule> kScheduleRows[] = {
    WARTS_OBJECT(OwampSchedule, 1, TvDuration, interval),
    WARTS_ENUM8(OwampSchedule, 2, type),
};

constexpr warts::Row<OwampTx> kTxRows[] = {
    WARTS_OBJECT(OwampTx, 1, Tv, scheduled), WARTS_OBJECT(OwampTx, 2, Tv, stamp),
    WARTS_NUMBER(OwampTx, 3, U32, seq),      WARTS_NUMBER(OwampTx, 4, U16, error_estimate),
    WARTS_NUMBER(OwampTx, 5, U8, flags),     WARTS_NUMBER(OwampTx, 6, U8, rx_count),
};

constexpr warts::Row<OwampRx> kRxRows[] = {
    WARTS_OBJECT(OwampRx, 1, Tv, stamp), WARTS_NUMBER(OwampRx, 2, U16, error_estimate),
    WARTS_NUMBER(OwampRx, 3, U8, flags), WARTS_NUMBER(OwampRx, 4, U8, dscp),
    WARTS_NUMBER(OwampRx, 5, U8, ttl),
};

uint32_t ScheduleCount(const Owamp& owamp) {
  return owamp.has_schedule_count() ? owamp.schedule_count() : 1;
}

bool ReadSchedule(Cursor& body, ReadState& state, OwampSchedule* out) {
  return warts::ReadParams(kScheduleRows, body, state, out);
}

bool ReadRx(Cursor& body, ReadState& state, OwampRx* out) {
  return warts::ReadParams(kRxRows, body, state, out);
}

bool ReadTx(Cursor& body, ReadState& state, OwampTx* out) {
  return warts::ReadParams(kTxRows, body, state, out) &&
         ReadItems("rxs", "reception", out->rx_count(), body, state, out->mutable_rxs(), ReadRx);
}

bool WriteSchedule(const OwampSchedule& schedule, Writer& writer, WriteState& state) {
  return warts::WriteParams(kScheduleRows, schedule, writer, state);
}

bool WriteRx(const OwampRx& rx, Writer& writer, WriteState& state) {
  return warts::WriteParams(kRxRows, rx, writer, state);
}

bool WriteTx(const OwampTx& tx, Writer& writer, WriteState& state) {
  return warts::WriteParams(kTxRows, tx, writer, state) &&
         WriteItems("rx_count", "reception", tx.rx_count(), tx.rxs(), writer, state, WriteRx);
}

}  // namespace

bool ReadOwampParams(Cursor& body, ReadState& state, Owamp* out) {
  return warts::ReadParams(kOwampRows, body, state, out);
}

bool ReadOwamp(Cursor& body, ReadState& state, Owamp* out) {
  if (!ReadOwampParams(body, state, out)) return false;
  if (!ReadItems("schedule", "schedule", ScheduleCount(*out), body, state, out->mutable_schedule(),
                 ReadSchedule))
    return false;
  if (!ReadItems("txs", "packet", out->tx_count(), body, state, out->mutable_txs(), ReadTx))
    return false;
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteOwamp(const Owamp& owamp, Writer& writer, WriteState& state) {
  if (!warts::WriteParams(kOwampRows, owamp, writer, state)) return false;
  if (!WriteItems("schedule_count", "schedule", ScheduleCount(owamp), owamp.schedule(), writer,
                  state, WriteSchedule))
    return false;
  if (!WriteItems("tx_count", "packet", owamp.tx_count(), owamp.txs(), writer, state, WriteTx))
    return false;
  writer.Bytes(owamp.trailing());
  return true;
}

void VisitOwamp(const Owamp& owamp, warts::AddressVisitor visit) {
  warts::VisitParams(kOwampRows, owamp, visit);
}

std::span<const warts::Row<Owamp>> OwampRows() { return kOwampRows; }
std::span<const warts::Row<OwampSchedule>> OwampScheduleRows() { return kScheduleRows; }
std::span<const warts::Row<OwampTx>> OwampTxRows() { return kTxRows; }
std::span<const warts::Row<OwampRx>> OwampRxRows() { return kRxRows; }

}  // namespace scamper::records
