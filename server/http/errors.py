"""Every refusal and failure, in OpenAI's error shape."""

import json
import logging
from typing import TypeVar

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from trainer.job import Contract

Body = TypeVar("Body", bound=Contract)
logger = logging.getLogger("server")


class ApiError(Exception):
    """An answer that is an error: `{"error": {"message", "type", "param", "code"}}`."""

    def __init__(
        self, status: int, message: str, *, kind: str = "invalid_request_error",
        param: str | None = None, code: str | None = None, headers: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.status = status
        self.headers = headers
        self.document = error_document(message, kind, param, code)


def error_document(
    message: str, kind: str, param: str | None = None, code: str | None = None
) -> dict[str, object]:
    """OpenAI's error object."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def bad_request(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """400: the request is at fault."""
    return ApiError(400, message, param=param, code=code)


def unavailable(message: str) -> ApiError:
    """503: no model can answer now; worth asking again soon."""
    return ApiError(503, message, kind="server_error", code="model_unavailable", headers={"Retry-After": "2"})


def parse_body(kind: type[Body], body: bytes) -> Body:
    """Validate a JSON body.

    Raises:
        ApiError: 400 naming the first parameter at fault, its value and what is allowed.
    """
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise _refusal(error) from None


def install(app: FastAPI) -> None:
    """Answer every exception in OpenAI's shape."""
    app.add_exception_handler(ApiError, _answer_api_error)
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_exception_handler(Exception, _answer_unexpected)


def _refusal(error: ValidationError) -> ApiError:
    fault = error.errors(include_url=False)[0]
    if fault["type"] == "json_invalid":
        return bad_request(f"the body is not JSON ({fault['msg'].removeprefix('Invalid JSON: ')})")
    param = ".".join(str(part) for part in fault["loc"]) or None
    message = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        return bad_request(f"{param}: unknown parameter", param, "unknown_parameter")
    if fault["type"] == "missing":
        return bad_request(f"{param}: this parameter is required", param, "missing_required_parameter")
    allowed = message.replace("Input should be", "allowed:", 1)
    return bad_request(f"{param or 'body'}: {_shortened(fault['input'])}; {allowed}", param, "invalid_value")


def _shortened(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 80 else text[:77] + "..."


async def _answer_api_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)
    return JSONResponse(error.document, error.status, headers=error.headers)


async def _answer_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    place = f"{request.method} {request.url.path}"
    message = {404: f"{place}: no such page", 405: f"{place}: this method is not allowed here"}
    text = message.get(error.status_code, str(error.detail))
    return JSONResponse(
        error_document(
            text,
            "invalid_request_error",
            code={404: "not_found", 405: "method_not_allowed"}.get(error.status_code),
        ),
        error.status_code,
        headers=dict(error.headers or {}),
    )


async def _answer_unexpected(request: Request, error: Exception) -> JSONResponse:
    logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return JSONResponse(error_document("the server failed; its log says why", "server_error"), 500)
