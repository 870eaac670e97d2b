// SPDX-License-Identifier: Apache-2.0
#include "server/records/host/host_warts.h"

#include "server/records/host/host_rr_warts.h"
#include "server/records/items.h"
#include "server/records/row_kinds.h"

namespace scamper::records {
namespace {

using v1::Host;
using v1::HostQuery;
using v1::HostRr;
using warts::Addr;
using warts::Cursor;
using warts::FlagSet;
using warts::ReadState;
using warts::Tv;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Writer;
using warts::WriteState;

constexpr warts::Row<Host> kHostRows[] = {
    WARTS_NUMBER(Host, 1, U32, list_id),
    WARTS_NUMBER(Host, 2, U32, cycle_id),
    WARTS_NUMBER(Host, 3, U32, userid),
    WARTS_OBJECT(Host, 4, Addr, src),
    WARTS_OBJECT(Host, 5, Addr, dst),
    WARTS_OBJECT(Host, 6, Tv, start),
    WARTS_NUMBER(Host, 7, U16, flags),
    WARTS_OBJECT(Host, 8, warts::Millis16, wait_timeout),
    WARTS_NUMBER(Host, 9, U8, stop_reason),
    WARTS_NUMBER(Host, 10, U8, retries),
    WARTS_NUMBER(Host, 11, U16, qtype),
    WARTS_NUMBER(Host, 12, U16, qclass),
    WARTS_TEXT_OR_BYTES(Host, 13, qname),
    WARTS_NUMBER(Host, 14, U8, qcount),
    WARTS_TEXT(Host, 15, ecs),
    WARTS_TEXT(Host, 16, errmsg),
};

constexpr warts::Row<HostQuery> kQueryRows[] = {
    WARTS_OBJECT(HostQuery, 1, Tv, tx),       WARTS_OBJECT(HostQuery, 2, Tv, rx),
    WARTS_NUMBER(HostQuery, 3, U16, id),      WARTS_NUMBER(HostQuery, 4, U16, ancount),
    WARTS_NUMBER(HostQuery, 5, U16, nscount), WARTS_NUMBER(HostQuery, 6, U16, arcount),
    WARTS_NUMBER(HostQuery, 7, U8, rcode),    WARTS_NUMBER(HostQuery, 8, U8, flags),
};

bool HasData(const HostRr& rr, FlagSet) { return rr.has_data(); }
void VisitData(const HostRr& rr, warts::AddressVisitor visit) {
  if (rr.data().has_addr()) visit(rr.data().addr());
}

constexpr warts::Row<HostRr> kRrRows[] = {
    WARTS_NUMBER(HostRr, 1, U16, rclass),
    WARTS_NUMBER(HostRr, 2, U16, rtype),
    WARTS_TEXT_OR_BYTES(HostRr, 3, name),
    WARTS_NUMBER(HostRr, 4, U32, ttl),
    {5, "data", HasData, ReadHostData, WriteHostData, VisitData},
};

bool ReadRr(Cursor& body, ReadState& state, HostRr* rr) {
  const size_t at = body.offset();
  if (!warts::ReadParams(kRrRows, body, state, rr)) return false;
  state.place.field = "name";
  return rr->has_name() || rr->has_name_bytes() || state.Fail(at, "a name of the resource record");
}

bool ReadQuery(Cursor& body, ReadState& state, HostQuery* query) {
  return warts::ReadParams(kQueryRows, body, state, query) &&
         ReadItems("an", "answer record", query->ancount(), body, state, query->mutable_an(),
                   ReadRr) &&
         ReadItems("ns", "authority record", query->nscount(), body, state, query->mutable_ns(),
                   ReadRr) &&
         ReadItems("ar", "additional record", query->arcount(), body, state, query->mutable_ar(),
                   ReadRr);
}

bool WriteRr(const HostRr& rr, Writer& writer, WriteState& state) {
  state.place.field = "name";
  if (!rr.has_name() && !rr.has_name_bytes()) return state.Fail("must be present");
  return warts::WriteParams(kRrRows, rr, writer, state);
}

bool WriteQuery(const HostQuery& query, Writer& writer, WriteState& state) {
  return warts::WriteParams(kQueryRows, query, writer, state) &&
         WriteItems("ancount", "answer record", query.ancount(), query.an(), writer, state,
                    WriteRr) &&
         WriteItems("nscount", "authority record", query.nscount(), query.ns(), writer, state,
                    WriteRr) &&
         WriteItems("arcount", "additional record", query.arcount(), query.ar(), writer, state,
                    WriteRr);
}

}  // namespace

bool ReadHostParams(Cursor& body, ReadState& state, Host* out) {
  const size_t at = body.offset();
  if (!warts::ReadParams(kHostRows, body, state, out)) return false;
  state.place.field = "dst";
  return out->has_dst() || state.Fail(at, "a destination");
}

bool ReadHost(Cursor& body, ReadState& state, Host* out) {
  if (!ReadHostParams(body, state, out)) return false;
  state.place = {};
  if (!ReadItems("queries", "query", out->qcount(), body, state, out->mutable_queries(), ReadQuery))
    return false;
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteHost(const Host& host, Writer& writer, WriteState& state) {
  state.place.field = "dst";
  if (!host.has_dst()) return state.Fail("must be present");
  if (!warts::WriteParams(kHostRows, host, writer, state)) return false;
  if (!WriteItems("qcount", "query", host.qcount(), host.queries(), writer, state, WriteQuery))
    return false;
  writer.Bytes(host.trailing());
  return true;
}

void VisitHost(const Host& host, warts::AddressVisitor visit) {
  warts::VisitParams(kHostRows, host, visit);
  for (const HostQuery& query : host.queries()) {
    for (const auto* section : {&query.an(), &query.ns(), &query.ar()}) {
      for (const HostRr& rr : *section) warts::VisitParams(kRrRows, rr, visit);
    }
  }
}

std::span<const warts::Row<Host>> HostRows() { return kHostRows; }
std::span<const warts::Row<HostQuery>> HostQueryRows() { return kQueryRows; }
std::span<const warts::Row<HostRr>> HostRrRows() { return kRrRows; }

}  // namespace scamper::records
