import os

from locust import FastHttpUser, task

work = os.environ["WORK"]
path = {"get": "/small", "upload": "/upload", "answer": "/upload-large"}[work]
with open(os.environ["PHOTO"], "rb") as file:
    photo = file.read()


class User(FastHttpUser):
    @task
    def ask(self):
        if work == "get":
            request = self.client.get(path, catch_response=True)
        else:
            request = self.client.post(path, files={"file": ("photo.jpg", photo, "image/jpeg")}, catch_response=True)
        with request as res:
            if res.status_code != 200 or res.json()["status"] != "ok":
                res.failure("not ok")
