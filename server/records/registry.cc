// SPDX-License-Identifier: Apache-2.0
#include "server/records/registry.h"

#include <limits>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/records/address/address_warts.h"
#include "server/records/address_info.h"
#include "server/records/cycle/cycle_json.h"
#include "server/records/cycle/cycle_warts.h"
#include "server/records/dealias/dealias_json.h"
#include "server/records/dealias/dealias_summary.h"
#include "server/records/dealias/dealias_text.h"
#include "server/records/dealias/dealias_warts.h"
#include "server/records/host/host_json.h"
#include "server/records/host/host_summary.h"
#include "server/records/host/host_warts.h"
#include "server/records/http/http_json.h"
#include "server/records/http/http_summary.h"
#include "server/records/http/http_warts.h"
#include "server/records/json.h"
#include "server/records/list/list_warts.h"
#include "server/records/neighbourdisc/neighbourdisc_json.h"
#include "server/records/neighbourdisc/neighbourdisc_warts.h"
#include "server/records/owamp/owamp_json.h"
#include "server/records/owamp/owamp_summary.h"
#include "server/records/owamp/owamp_warts.h"
#include "server/records/ping/ping_json.h"
#include "server/records/ping/ping_summary.h"
#include "server/records/ping/ping_text.h"
#include "server/records/ping/ping_warts.h"
#include "server/records/result_key.h"
#include "server/records/sniff/sniff_json.h"
#include "server/records/sniff/sniff_summary.h"
#include "server/records/sniff/sniff_warts.h"
#include "server/records/sting/sting_json.h"
#include "server/records/sting/sting_summary.h"
#include "server/records/sting/sting_text.h"
#include "server/records/sting/sting_warts.h"
#include "server/records/tbit/tbit_json.h"
#include "server/records/tbit/tbit_summary.h"
#include "server/records/tbit/tbit_text.h"
#include "server/records/tbit/tbit_warts.h"
#include "server/records/trace/trace_json.h"
#include "server/records/trace/trace_summary.h"
#include "server/records/trace/trace_text.h"
#include "server/records/trace/trace_warts.h"
#include "server/records/tracelb/tracelb_json.h"
#include "server/records/tracelb/tracelb_summary.h"
#include "server/records/tracelb/tracelb_text.h"
#include "server/records/tracelb/tracelb_warts.h"
#include "server/records/udpprobe/udpprobe_json.h"
#include "server/records/udpprobe/udpprobe_summary.h"
#include "server/records/udpprobe/udpprobe_warts.h"
#include "server/warts/header.h"
#include "server/warts/params.h"

namespace scamper::records {
namespace {

using v1::Record;
using warts::Cursor;
using warts::ReadState;
using warts::Writer;
using warts::WriteState;

// What is alike in all types but for the name of the field of Record.
struct Access {
  // Empties the message, which keeps its memory.
  void (*clear)(Record* record);
  ReferenceIds (*ids)(const Record& record);
  void (*set_ids)(const ReferenceIds& ids, Record* record);
};

template <auto kGet, auto kMutable>
constexpr Access kAccess = {
    [](Record* record) { (record->*kMutable)()->Clear(); },
    [](const Record& record) {
      const auto& message = (record.*kGet)();
      ReferenceIds ids;
      if constexpr (requires { message.has_list_id(); }) {
        if (message.has_list_id()) ids.list_id = message.list_id();
      }
      if constexpr (requires { message.has_cycle_id(); }) {
        if (message.has_cycle_id()) ids.cycle_id = message.cycle_id();
      }
      return ids;
    },
    [](const ReferenceIds& ids, Record* record) {
      auto* message = (record->*kMutable)();
      if constexpr (requires { message->has_list_id(); }) {
        if (ids.list_id) message->set_list_id(*ids.list_id);
      }
      if constexpr (requires { message->has_cycle_id(); }) {
        if (ids.cycle_id) message->set_cycle_id(*ids.cycle_id);
      }
    },
};

// A record type of the format, its number that of the field of Record. What is
// null does not apply to the type.
struct RecordType {
  Record::KindCase kind;
  const char* name;
  Access access;
  bool (*read)(Cursor& body, ReadState& state, Record* out);
  // Fills in what is derived.
  void (*summarize)(Record* out);
  bool (*write)(const Record& record, Writer& writer, WriteState& state);
  void (*visit)(const Record& record, warts::AddressVisitor visit);
  void (*text)(const Record& record, std::string* out);
  // What the key takes: the first parameter block, and more where that is not enough. Nothing that
  // is derived.
  bool (*read_params)(Cursor& body, ReadState& state, Record* out);
  std::string (*key)(const Record& record);
  bool (*halted)(const Record& record);
  // False where the tool has no such line and the context asks for its bytes.
  bool (*json)(const Record& record, const JsonContext& context, std::string* out);
};

constexpr RecordType kRecordTypes[] = {
    {Record::kList, "list", kAccess<&Record::list, &Record::mutable_list>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadList(body, state, out->mutable_list());
     },
     nullptr,
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteList(record.list(), writer, state);
     },
     nullptr, nullptr, nullptr, nullptr, nullptr, nullptr},
    {Record::kCycleStart, "cycle-start",
     kAccess<&Record::cycle_start, &Record::mutable_cycle_start>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadCycle(body, state, out->mutable_cycle_start());
     },
     nullptr,
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteCycle(record.cycle_start(), writer, state);
     },
     nullptr, nullptr, nullptr, nullptr, nullptr,
     [](const Record& record, const JsonContext& context, std::string* out) {
       AppendCycleStartJson(record.cycle_start(), context, out);
       return true;
     }},
    {Record::kCycleDefinition, "cycle-def",
     kAccess<&Record::cycle_definition, &Record::mutable_cycle_definition>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadCycle(body, state, out->mutable_cycle_definition());
     },
     nullptr,
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteCycle(record.cycle_definition(), writer, state);
     },
     nullptr, nullptr, nullptr, nullptr, nullptr, nullptr},
    {Record::kCycleStop, "cycle-stop", kAccess<&Record::cycle_stop, &Record::mutable_cycle_stop>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadCycleStop(body, state, out->mutable_cycle_stop());
     },
     nullptr,
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteCycleStop(record.cycle_stop(), writer, state);
     },
     nullptr, nullptr, nullptr, nullptr, nullptr,
     [](const Record& record, const JsonContext& context, std::string* out) {
       AppendCycleStopJson(record.cycle_stop(), context, out);
       return true;
     }},
    {Record::kAddress, "address", kAccess<&Record::address, &Record::mutable_address>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadAddress(body, state, out->mutable_address());
     },
     nullptr,
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteAddress(record.address(), writer, state);
     },
     [](const Record& record, warts::AddressVisitor visit) { visit(record.address().addr()); },
     nullptr, nullptr, nullptr, nullptr, nullptr},
    {Record::kTrace, "trace", kAccess<&Record::trace, &Record::mutable_trace>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadTrace(body, state, out->mutable_trace());
     },
     [](Record* out) { SummarizeTrace(out->mutable_trace()); },
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteTrace(record.trace(), writer, state);
     },
     [](const Record& record, warts::AddressVisitor visit) { VisitTrace(record.trace(), visit); },
     [](const Record& record, std::string* out) { AppendTraceText(record.trace(), out); },
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadTraceParams(body, state, out->mutable_trace());
     },
     [](const Record& record) { return ResultKey(record.trace()); },
     [](const Record& record) {
       return record.trace().stop_reason() == v1::TRACE_STOP_REASON_HALTED;
     },
     [](const Record& record, const JsonContext& context, std::string* out) {
       AppendTraceJson(record.trace(), context, out);
       return true;
     }},
    {Record::kPing, "ping", kAccess<&Record::ping, &Record::mutable_ping>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadPing(body, state, out->mutable_ping());
     },
     [](Record* out) { SummarizePing(out->mutable_ping()); },
     [](const Record& record, Writer& writer, WriteState& state) {
       return WritePing(record.ping(), writer, state);
     },
     [](const Record& record, warts::AddressVisitor visit) { VisitPing(record.ping(), visit); },
     [](const Record& record, std::string* out) { AppendPingText(record.ping(), out); },
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadPingParams(body, state, out->mutable_ping());
     },
     [](const Record& record) { return ResultKey(record.ping()); },
     [](const Record& record) {
       return record.ping().stop_reason() == v1::PING_STOP_REASON_HALTED;
     },
     [](const Record& record, const JsonContext& context, std::string* out) {
       AppendPingJson(record.ping(), context, out);
       return true;
     }},
    {Record::kTracelb, "tracelb", kAccess<&Record::tracelb, &Record::mutable_tracelb>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadTracelb(body, state, out->mutable_tracelb());
     },
     [](Record* out) { SummarizeTracelb(out->mutable_tracelb()); },
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteTracelb(record.tracelb(), writer, state);
     },
     [](const Record& record, warts::AddressVisitor visit) {
       VisitTracelb(record.tracelb(), visit);
     },
     [](const Record& record, std::string* out) { AppendTracelbText(record.tracelb(), out); },
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadTracelbParams(body, state, out->mutable_tracelb());
     },
     [](const Record& record) { return ResultKey(record.tracelb()); }, nullptr,
     [](const Record& record, const JsonContext& context, std::string* out) {
       return AppendTracelbJson(record.tracelb(), context, out);
     }},
    {Record::kDealias, "dealias", kAccess<&Record::dealias, &Record::mutable_dealias>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadDealias(body, state, out->mutable_dealias());
     },
     [](Record* out) { SummarizeDealias(out->mutable_dealias()); },
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteDealias(record.dealias(), writer, state);
     },
     [](const Record& record, warts::AddressVisitor visit) {
       VisitDealias(record.dealias(), visit);
     },
     [](const Record& record, std::string* out) { AppendDealiasText(record.dealias(), out); },
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadDealiasTask(body, state, out->mutable_dealias());
     },
     [](const Record& record) { return ResultKey(record.dealias()); },
     [](const Record& record) { return record.dealias().result() == v1::DEALIAS_RESULT_HALTED; },
     [](const Record& record, const JsonContext& context, std::string* out) {
       return AppendDealiasJson(record.dealias(), context, out);
     }},
    {Record::kNeighbourdisc, "neighbourdisc",
     kAccess<&Record::neighbourdisc, &Record::mutable_neighbourdisc>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadNeighbourdisc(body, state, out->mutable_neighbourdisc());
     },
     nullptr,
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteNeighbourdisc(record.neighbourdisc(), writer, state);
     },
     [](const Record& record, warts::AddressVisitor visit) {
       VisitNeighbourdisc(record.neighbourdisc(), visit);
     },
     nullptr,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadNeighbourdiscParams(body, state, out->mutable_neighbourdisc());
     },
     [](const Record& record) { return ResultKey(record.neighbourdisc()); }, nullptr,
     [](const Record& record, const JsonContext& context, std::string* out) {
       return AppendNeighbourdiscJson(record.neighbourdisc(), context, out);
     }},
    {Record::kTbit, "tbit", kAccess<&Record::tbit, &Record::mutable_tbit>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadTbit(body, state, out->mutable_tbit());
     },
     [](Record* out) { SummarizeTbit(out->mutable_tbit()); },
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteTbit(record.tbit(), writer, state);
     },
     [](const Record& record, warts::AddressVisitor visit) { VisitTbit(record.tbit(), visit); },
     [](const Record& record, std::string* out) { AppendTbitText(record.tbit(), out); },
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadTbitParams(body, state, out->mutable_tbit());
     },
     [](const Record& record) { return ResultKey(record.tbit()); },
     [](const Record& record) { return record.tbit().result() == v1::TBIT_RESULT_HALTED; },
     [](const Record& record, const JsonContext& context, std::string* out) {
       return AppendTbitJson(record.tbit(), context, out);
     }},
    {Record::kSting, "sting", kAccess<&Record::sting, &Record::mutable_sting>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadSting(body, state, out->mutable_sting());
     },
     [](Record* out) { SummarizeSting(out->mutable_sting()); },
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteSting(record.sting(), writer, state);
     },
     [](const Record& record, warts::AddressVisitor visit) { VisitSting(record.sting(), visit); },
     [](const Record& record, std::string* out) { AppendStingText(record.sting(), out); },
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadStingParams(body, state, out->mutable_sting());
     },
     nullptr, nullptr,
     [](const Record& record, const JsonContext& context, std::string* out) {
       return AppendStingJson(record.sting(), context, out);
     }},
    {Record::kSniff, "sniff", kAccess<&Record::sniff, &Record::mutable_sniff>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadSniff(body, state, out->mutable_sniff());
     },
     [](Record* out) { SummarizeSniff(out->mutable_sniff()); },
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteSniff(record.sniff(), writer, state);
     },
     [](const Record& record, warts::AddressVisitor visit) { VisitSniff(record.sniff(), visit); },
     nullptr,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadSniffParams(body, state, out->mutable_sniff());
     },
     [](const Record& record) { return ResultKey(record.sniff()); },
     [](const Record& record) {
       return record.sniff().stop_reason() == v1::SNIFF_STOP_REASON_HALTED;
     },
     [](const Record& record, const JsonContext& context, std::string* out) {
       return AppendSniffJson(record.sniff(), context, out);
     }},
    {Record::kHost, "host", kAccess<&Record::host, &Record::mutable_host>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadHost(body, state, out->mutable_host());
     },
     [](Record* out) { SummarizeHost(out->mutable_host()); },
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteHost(record.host(), writer, state);
     },
     [](const Record& record, warts::AddressVisitor visit) { VisitHost(record.host(), visit); },
     nullptr,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadHostParams(body, state, out->mutable_host());
     },
     [](const Record& record) { return ResultKey(record.host()); },
     [](const Record& record) {
       return record.host().stop_reason() == v1::HOST_STOP_REASON_HALTED;
     },
     [](const Record& record, const JsonContext& context, std::string* out) {
       return AppendHostJson(record.host(), context, out);
     }},
    {Record::kHttp, "http", kAccess<&Record::http, &Record::mutable_http>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadHttp(body, state, out->mutable_http());
     },
     [](Record* out) { SummarizeHttp(out->mutable_http()); },
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteHttp(record.http(), writer, state);
     },
     [](const Record& record, warts::AddressVisitor visit) { VisitHttp(record.http(), visit); },
     nullptr,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadHttpParams(body, state, out->mutable_http());
     },
     [](const Record& record) { return ResultKey(record.http()); },
     [](const Record& record) {
       return record.http().stop_reason() == v1::HTTP_STOP_REASON_HALTED;
     },
     [](const Record& record, const JsonContext& context, std::string* out) {
       return AppendHttpJson(record.http(), context, out);
     }},
    {Record::kUdpprobe, "udpprobe", kAccess<&Record::udpprobe, &Record::mutable_udpprobe>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadUdpprobe(body, state, out->mutable_udpprobe());
     },
     [](Record* out) { SummarizeUdpprobe(out->mutable_udpprobe()); },
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteUdpprobe(record.udpprobe(), writer, state);
     },
     [](const Record& record, warts::AddressVisitor visit) {
       VisitUdpprobe(record.udpprobe(), visit);
     },
     nullptr,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadUdpprobeParams(body, state, out->mutable_udpprobe());
     },
     [](const Record& record) { return ResultKey(record.udpprobe()); },
     [](const Record& record) {
       return record.udpprobe().stop_reason() == v1::UDPPROBE_STOP_REASON_HALTED;
     },
     [](const Record& record, const JsonContext& context, std::string* out) {
       return AppendUdpprobeJson(record.udpprobe(), context, out);
     }},
    {Record::kOwamp, "owamp", kAccess<&Record::owamp, &Record::mutable_owamp>,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadOwamp(body, state, out->mutable_owamp());
     },
     [](Record* out) { SummarizeOwamp(out->mutable_owamp()); },
     [](const Record& record, Writer& writer, WriteState& state) {
       return WriteOwamp(record.owamp(), writer, state);
     },
     [](const Record& record, warts::AddressVisitor visit) { VisitOwamp(record.owamp(), visit); },
     nullptr,
     [](Cursor& body, ReadState& state, Record* out) {
       return ReadOwampParams(body, state, out->mutable_owamp());
     },
     [](const Record& record) { return ResultKey(record.owamp()); },
     [](const Record& record) { return record.owamp().result() == v1::OWAMP_RESULT_HALTED; },
     [](const Record& record, const JsonContext& context, std::string* out) {
       return AppendOwampJson(record.owamp(), context, out);
     }},
};

// Types 1, 2, ... are rows 0, 1, ...
constexpr bool RowsAreInOrder() {
  for (size_t i = 0; i < std::size(kRecordTypes); ++i) {
    if (static_cast<size_t>(kRecordTypes[i].kind) != i + 1) return false;
  }
  return true;
}
static_assert(RowsAreInOrder());

const RecordType* Find(uint32_t type) {
  return type >= 1 && type <= std::size(kRecordTypes) ? &kRecordTypes[type - 1] : nullptr;
}

const RecordType* Find(const Record& record) {
  return Find(static_cast<uint32_t>(record.kind_case()));
}

// The header of a record that is whole.
absl::StatusOr<warts::Header> HeaderOf(absl::string_view record) {
  const auto header = warts::ReadHeader(record);
  if (!header)
    return absl::DataLossError(
        "record, offset 0: expected an 8-byte header that starts with 12 05");
  if (header->type == 0)
    return absl::DataLossError("record, offset 2: expected a record type that is not 0");
  if (header->length != record.size() - warts::kHeaderSize) {
    return absl::DataLossError(absl::StrCat("record of type ", header->type,
                                            ", offset 8: expected ", header->length,
                                            " bytes, found ", record.size() - warts::kHeaderSize));
  }
  return *header;
}

absl::Status WriteUnknown(const v1::UnknownRecord& unknown, Writer& writer) {
  if (unknown.type() == 0 || unknown.type() > 0xffff) {
    return absl::InvalidArgumentError("unknown record, type: must be within 1 - 65535");
  }
  if (Find(unknown.type()) != nullptr) {
    return absl::InvalidArgumentError(
        "unknown record, type: must be none of those that have a message of their own");
  }
  if (unknown.body().size() > std::numeric_limits<uint32_t>::max()) {
    return absl::InvalidArgumentError("unknown record, body: must be below 4 GiB");
  }
  warts::WriteHeader({unknown.type(), static_cast<uint32_t>(unknown.body().size())}, writer);
  writer.Bytes(unknown.body());
  return absl::OkStatus();
}

absl::Status WriteKnown(const RecordType& row, const Record& record, Writer& writer) {
  const size_t begin = writer.size();
  WriteState state;
  warts::WriteHeader({static_cast<uint32_t>(row.kind), 0}, writer);
  if (!row.write(record, writer, state)) return state.ToStatus(row.name);
  const size_t length = writer.size() - begin - warts::kHeaderSize;
  if (length > std::numeric_limits<uint32_t>::max()) {
    return absl::InvalidArgumentError(absl::StrCat(row.name, " record: must be below 4 GiB"));
  }
  writer.PatchU32(begin + 4, static_cast<uint32_t>(length));
  return absl::OkStatus();
}

absl::Status Append(const Record& record, Writer& writer) {
  if (record.has_unknown()) return WriteUnknown(record.unknown(), writer);
  const RecordType* row = Find(record);
  if (row == nullptr) return absl::InvalidArgumentError("record: must hold one of its kinds");
  return WriteKnown(*row, record, writer);
}

}  // namespace

absl::Status Read(absl::string_view record, v1::Record* out, const warts::AddressTable* addresses,
                  Derived derived) {
  const auto header = HeaderOf(record);
  const RecordType* row = header.ok() ? Find(header->type) : nullptr;
  if (row == nullptr || out->kind_case() != row->kind) {
    out->Clear();
  } else {
    row->access.clear(out);
  }
  if (!header.ok()) return header.status();
  Cursor body(record.substr(warts::kHeaderSize), warts::kHeaderSize);
  if (row == nullptr) {
    out->mutable_unknown()->set_type(header->type);
    out->mutable_unknown()->set_body(body.rest().data(), body.rest().size());
    return absl::OkStatus();
  }
  ReadState state(addresses);
  if (!row->read(body, state, out)) return state.ToStatus(row->name);
  if (derived == Derived::kFillIn && row->summarize != nullptr) row->summarize(out);
  return absl::OkStatus();
}

absl::Status Write(const v1::Record& record, warts::Writer& writer) {
  const size_t begin = writer.size();
  absl::Status status = Append(record, writer);
  if (!status.ok()) writer.Truncate(begin);
  return status;
}

absl::StatusOr<std::string> Write(const v1::Record& record) {
  Writer writer;
  absl::Status status = Write(record, writer);
  if (!status.ok()) return status;
  return std::move(writer).Take();
}

ReferenceIds ReferenceIdsOf(const v1::Record& record) {
  const RecordType* row = Find(record);
  return row == nullptr ? ReferenceIds() : row->access.ids(record);
}

void SetReferenceIds(const ReferenceIds& ids, v1::Record* record) {
  const RecordType* row = Find(*record);
  if (row != nullptr) row->access.set_ids(ids, record);
}

std::vector<v1::AddressInfo> Addresses(const v1::Record& record) {
  std::vector<v1::AddressInfo> addresses;
  const RecordType* row = Find(record);
  if (row == nullptr || row->visit == nullptr) return addresses;
  absl::flat_hash_set<absl::string_view> seen;
  row->visit(record, [&](const std::string& address) {
    v1::AddressInfo info;
    if (!seen.insert(address).second || !DescribeAddress(address, &info)) return;
    addresses.push_back(std::move(info));
  });
  return addresses;
}

std::string Text(const v1::Record& record) {
  std::string text;
  AppendText(record, &text);
  return text;
}

void AppendText(const v1::Record& record, std::string* out) {
  const RecordType* row = Find(record);
  if (row != nullptr && row->text != nullptr) row->text(record, out);
}

bool AppendJson(const v1::Record& record, const JsonContext& context, std::string* out) {
  const RecordType* row = Find(record);
  return row != nullptr && row->json != nullptr && row->json(record, context, out);
}

absl::StatusOr<ResultIdentity> Identify(absl::string_view record) {
  const auto header = HeaderOf(record);
  if (!header.ok()) return header.status();
  const RecordType* row = Find(header->type);
  if (row == nullptr || row->key == nullptr) {
    return absl::DataLossError(
        absl::StrCat("record of type ", header->type, ": expected a measurement"));
  }
  Cursor body(record.substr(warts::kHeaderSize), warts::kHeaderSize);
  ReadState state(nullptr);
  Record params;
  if (!row->read_params(body, state, &params)) return state.ToStatus(row->name);
  ResultIdentity identity{.key = row->key(params)};
  if (params.has_host()) identity.fallback_key = ResultKeyWithoutServer(params.host());
  identity.halted = row->halted != nullptr && row->halted(params);
  return identity;
}

}  // namespace scamper::records
